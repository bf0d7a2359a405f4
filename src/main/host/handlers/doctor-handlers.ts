import { collectDoctorReport } from '../../platform/doctor';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** What this machine has, and what is in use. */
export function doctorHandlers(services: HostServices): HandlerGroup<'doctor.report'> {
  return { 'doctor.report': () => collectDoctorReport(() => services.training.probe()) };
}
