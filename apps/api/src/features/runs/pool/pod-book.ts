import type { PodFacts } from './pod-facts.ts';

type Listener = (pod: PodFacts, gone: boolean) => void;

/** The pods of a pool as they were last heard of. It is told by the watch, and by whoever changed a pod. */
export class PodBook {
  readonly #pods = new Map<string, PodFacts>();
  readonly #listeners = new Set<Listener>();

  get(name: string): PodFacts | null {
    return this.#pods.get(name) ?? null;
  }

  all(): PodFacts[] {
    return [...this.#pods.values()];
  }

  /** Takes what is newer than what is known, so that a late event does not undo a change of ours. */
  put(pod: PodFacts): void {
    const known = this.#pods.get(pod.name);
    if (known?.uid === pod.uid && !isNewer(pod.resourceVersion, known.resourceVersion)) return;
    if (known !== undefined && known.uid !== pod.uid) this.#tell(known, true);
    this.#pods.set(pod.name, pod);
    this.#tell(pod, false);
  }

  remove(pod: PodFacts): void {
    const known = this.#pods.get(pod.name);
    if (known === undefined || known.uid !== pod.uid) return;
    this.#pods.delete(pod.name);
    this.#tell(pod, true);
  }

  /** Takes a whole list: what is not in it is gone. */
  reset(pods: readonly PodFacts[]): void {
    const uids = new Set(pods.map(({ uid }) => uid));
    for (const known of this.all()) if (!uids.has(known.uid)) this.remove(known);
    for (const pod of pods) this.put(pod);
  }

  /** Called after each change. The answer ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(pod: PodFacts, gone: boolean): void {
    for (const listener of this.#listeners) listener(pod, gone);
  }
}

/** Versions of one resource are numbers that rise (KEP-5504); where one is not, the later heard is the newer. */
function isNewer(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return version !== than;
  return BigInt(version) > BigInt(than);
}
