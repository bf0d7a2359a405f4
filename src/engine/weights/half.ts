/** float32 to float16 bits (IEEE 754 binary16), rounding to nearest even; beyond ±65,504 becomes infinite. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = halfBits(bits[i]!);
  return result;
}

function halfBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const exponent = (single >>> 23) & 0xff;
  const fraction = single & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const unbiased = exponent - 127 + 15;
  if (unbiased >= 31) return sign | 0x7c00;
  if (unbiased > 0) return sign | roundedShift((unbiased << 23) | fraction, 13);
  if (unbiased < -10) return sign;
  return sign | roundedShift(fraction | 0x800000, 14 - unbiased);
}

/** value / 2^shift, to the nearest whole number, ties to even. A carry into the exponent is right as it stands. */
function roundedShift(value: number, shift: number): number {
  const half = 1 << (shift - 1);
  const rest = value & ((1 << shift) - 1);
  const whole = value >>> shift;
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}
