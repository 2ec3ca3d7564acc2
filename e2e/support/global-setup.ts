import { startSystem } from '@lineage/system';

/** One Lineage for all journeys, started as a person would start it. */
export default async function setup(): Promise<() => Promise<void>> {
  const system = await startSystem();
  process.env['LINEAGE_URL'] = system.url;
  process.env['LINEAGE_LAUNCHER'] = String(system.pid);
  return () => system.stop();
}
