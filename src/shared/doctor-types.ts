import { z } from 'zod';

/** One line of `thaw doctor`: what was looked at, what was found, and what to do where it is a problem. */
export const doctorCheckSchema = z.object({
  id: z.string(), // 'electron', 'node', 'tensorflow', 'device', 'kernels', 'precision', 'cores', 'memory', 'disk', 'cache'
  title: z.string(),
  state: z.enum(['ok', 'problem']),
  value: z.string(),
  why: z.string().nullable(),
  toDo: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

export const doctorReportSchema = z.object({
  ok: z.boolean(),
  kernels: z.enum(['native', 'portable']),
  backend: z.string(), // 'tensorflow', 'wasm', 'cpu'
  precision: z.enum(['fp32', 'bf16']),
  checks: z.array(doctorCheckSchema),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
