/** Whether a Chilean tax id has the right check digit (modulus 11); dots and dash may be missing. */
export function isRut(typed: string): boolean {
  const plain = typed.replace(/[.\-\s]/g, "").toUpperCase();
  const found = /^(\d{6,8})([\dK])$/.exec(plain);
  if (!found) return false;
  const digits = [...(found[1] ?? "")].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => total + digit * (2 + (index % 6)), 0);
  const rest = 11 - (sum % 11);
  const check = rest === 11 ? "0" : rest === 10 ? "K" : String(rest);
  return check === found[2];
}
