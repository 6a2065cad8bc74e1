/** A sentence without the sum in brackets at its end: where that stands in a column beside it. */
export function withoutSum(sentence: string): string {
  return sentence.replace(/ \([-−]?\$-?[\d.]+\)(?=\.?$)/, "");
}
