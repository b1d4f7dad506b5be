import { type BaseBlock, Constructed, fromBER, OctetString, Primitive } from "asn1js";

/** id-ce-subjectAltName (RFC 5280, section 4.2.1.6). */
const SUBJECT_ALT_NAME = "2.5.29.17";

/** The tag of the extensions in a certificate (RFC 5280, section 4.1). */
const EXTENSIONS = 3;

/** The tags of the names that can be allowed (RFC 5280, section 4.2.1.6). */
const NAME_TAGS = { email: 1, dns: 2, uri: 6, ip: 7 } as const;

/**
 * The DNS, e-mail, URI and IP names of a certificate in DER, addresses in canonical text. None where it
 * has none or cannot be read. Read from the bytes: the text that the runtime makes of them does not tell
 * one name with a comma from two.
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

/** Whether a tag is one of the structure around it, and not of a type of its own. */
function isTagged({ tagClass }: BaseBlock["idBlock"]): boolean {
  return tagClass === 3;
}

function childrenOf(block: BaseBlock | undefined): readonly BaseBlock[] {
  return block instanceof Constructed ? block.valueBlock.value : [];
}

/** The block that bytes are; undefined where they are none. */
function parsed(bytes: Uint8Array): BaseBlock | undefined {
  try {
    const { offset, result } = fromBER(Uint8Array.from(bytes).buffer);
    return offset === -1 ? undefined : result;
  } catch {
    // It throws at times that are none, as anybody can put into a certificate.
    return undefined;
  }
}
