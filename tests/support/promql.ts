import { parser } from "@prometheus-io/lezer-promql";

/** What a selector of an expression asks for. */
export interface Selector {
  readonly metric: string;
  /** As they are written, such as `job=~"$job"`. */
  readonly matchers: readonly string[];
  /** The names of the labels of the matchers. */
  readonly labels: readonly string[];
  /** The range in brackets; null for an instant. */
  readonly range: string | null;
  /** The function whose argument it is; null where there is none. */
  readonly func: string | null;
}

/** Grafana's variables that stand for a time, and one that stands for them. */
const DURATION = /\$__(rate_interval|interval|range)/g;
const STAND_IN = "1h";

type Node = ReturnType<typeof parser.parse>["topNode"];

/** The nodes of a name, in order. Throws a SyntaxError where the expression is not PromQL. */
function nodes(expr: string, ...names: readonly string[]): readonly Node[] {
  const found: Node[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, node, from }) => {
      if (type.isError) throw new SyntaxError(`Cannot parse ${expr} at ${from}`);
      if (names.includes(type.name)) found.push(node);
    },
  });
  return found;
}

/** The variables of time replaced, so that the expression is PromQL. */
function filled(expr: string): string {
  return expr.replaceAll(DURATION, STAND_IN);
}

/** Every selector of an expression. Throws a SyntaxError where it is not PromQL. */
export function selectorsOf(expr: string): readonly Selector[] {
  const ranges = [...expr.matchAll(/\[([^\]]+)\]/g)].map(([, range = ""]) => range);
  const text = filled(expr);
  const textOf = (node: Node | null): string => node === null ? "" : text.slice(node.from, node.to);
  return nodes(text, "VectorSelector").map((node) => {
    const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
    const matrix = node.parent?.name === "MatrixSelector" ? node.parent : null;
    const call = (matrix ?? node).parent?.parent;
    return {
      metric: textOf(node.getChild("Identifier")),
      matchers: matchers.map(textOf),
      labels: matchers.map((matcher) => textOf(matcher.getChild("LabelName"))),
      range: matrix === null ? null : ranges.shift() ?? null,
      func: call?.name === "FunctionCall" ? textOf(call.getChild("FunctionIdentifier")) : null,
    };
  });
}

/** The labels that an expression groups or joins by. */
export function groupingLabelsOf(expr: string): readonly string[] {
  const text = filled(expr);
  return nodes(text, "GroupingLabels").flatMap((node) =>
    node.getChildren("LabelName").map(({ from, to }) => text.slice(from, to))
  );
}
