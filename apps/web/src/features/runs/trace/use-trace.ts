import type { RunId, TraceOverview, TraceView } from '@lineage/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../../../shared/api/index.ts';
import { askedFor, levelFor, type Reach } from './reach.ts';

/** A trace that grows is asked for again after so much more of it. */
const STEP_MS = 500;

/** Parts of a trace that grows are of no use to whoever looks later. */
const KEPT_MS = 15_000;

/** How far a trace goes, as the events of its run say. */
export type TraceExtent = { readonly toMs: number; readonly events: number };

/** What there is in a trace so far. */
export function useTraceOverview(runId: RunId, extent: TraceExtent, isLive: boolean) {
  return useQuery<TraceOverview>({
    queryKey: ['getTraceOverview', runId, isLive ? Math.floor(extent.toMs / STEP_MS) : extent.events],
    queryFn: ({ signal }) => call('getTraceOverview', { params: { runId }, signal }),
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
  });
}

type Sight = { readonly reach: Reach; readonly widthPx: number; readonly goroutines: readonly number[] };

/** The part of it that is in sight, once `endMs` is known; until that comes, what was in sight before. */
export function useTraceView(runId: RunId, { reach, widthPx, goroutines }: Sight, endMs: number | null) {
  const { fromMs, toMs } = askedFor(reach, endMs ?? 0);
  const query = { fromMs, toMs, level: levelFor(reach, widthPx), goroutines: goroutines.join(',') };
  return useQuery<TraceView>({
    queryKey: ['getTraceView', runId, query],
    queryFn: ({ signal }) => call('getTraceView', { params: { runId }, query, signal }),
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
    enabled: widthPx > 0 && endMs !== null,
  });
}
