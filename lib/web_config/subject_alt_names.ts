import { type BaseBlock, Constructed, fromBER, OctetString, Primitive } from "asn1js";

/** id-ce-subjectAltName (RFC 5280, section 4.2.1.6). */
const SUBJECT_ALT_NAME = "2.5.29.17";

/** The tag of the extensions in a certificate (RFC 5280, section 4.1). */
const EXTENSIONS = 3;

/** The tags of the supported names (RFC 5280, section 4.2.1.6). */
const NAME_TAGS = { email: 1, dns: 2, uri: 6, ip: 7 } as const;

/**
 * The DNS, email, URI and IP names of a certificate (DER), with addresses in canonical form. Empty if there are
 * none, or if the certificate is invalid. Parses the bytes, because the text form of the runtime does not
 * distinguish one name with a comma from two names.
 */
export function subjectAltNames(der: Uint8Array): readonly string[] {
  const [body] = childrenOf(parsed(der));
  const extensions = childrenOf(body).find(({ idBlock }) =>
    idBlock.tagNumber === EXTENSIONS && isTagged(idBlock)
  );
  const [list] = childrenOf(extensions);
  const extension = childrenOf(list).map(childrenOf).find(([id]) =>
    id?.valueBlock.toString() === SUBJECT_ALT_NAME
  )?.at(-1);
  if (!(extension instanceof OctetString)) return [];
  return childrenOf(parsed(extension.valueBlock.valueHexView)).flatMap(nameOf);
}

function nameOf(block: BaseBlock): readonly string[] {
  if (!(block instanceof Primitive) || !isTagged(block.idBlock)) return [];
  const bytes = block.valueBlock.valueHexView;
  switch (block.idBlock.tagNumber) {
    case NAME_TAGS.email:
    case NAME_TAGS.dns:
    case NAME_TAGS.uri:
      return [Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")];
    case NAME_TAGS.ip:
      return addressOf(bytes);
    default:
      return [];
  }
}

function addressOf(bytes: Uint8Array): readonly string[] {
  if (bytes.length === 4) return [bytes.join(".")];
  if (bytes.length !== 16) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16));
  return [new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1)];
}

/** Whether a tag is context-specific. */
function isTagged({ tagClass }: BaseBlock["idBlock"]): boolean {
  return tagClass === 3;
}

function childrenOf(block: BaseBlock | undefined): readonly BaseBlock[] {
  return block instanceof Constructed ? block.valueBlock.value : [];
}

/** The parsed block; undefined for invalid bytes. */
function parsed(bytes: Uint8Array): BaseBlock | undefined {
  try {
    const { offset, result } = fromBER(Uint8Array.from(bytes).buffer);
    return offset === -1 ? undefined : result;
  } catch {
    // asn1js throws on invalid times, which an attacker can supply.
    return undefined;
  }
}
