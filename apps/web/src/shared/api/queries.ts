import type { RouteName, RouteResponse } from '@lineage/contracts';
import {
  queryOptions,
  useMutation,
  useQuery,
  useSuspenseQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { ApiError } from './api-error.ts';
import { call, type AnyCallInput, type CallArguments, type CallInput } from './call.ts';

/** The cache's key of a route with its parameters; the prefix `[name]` names all of that route. */
export function routeKey<N extends RouteName>(
  name: N,
  ...[input]: CallArguments<N>
): readonly [N, object, object] {
  const given: AnyCallInput = input ?? {};
  return [name, given.params ?? {}, given.query ?? {}];
}

/** Query options of a route, for loaders, `useQuery` and the cache alike. */
export function routeQuery<N extends RouteName>(name: N, ...args: CallArguments<N>) {
  return queryOptions<RouteResponse<N>, ApiError>({
    queryKey: routeKey(name, ...args),
    queryFn: ({ signal }) => call(name, ...([{ ...args[0], signal }] as unknown as CallArguments<N>)),
  });
}

/** Reads a route; shows what is cached and refreshes behind it. */
export function useRoute<N extends RouteName>(
  name: N,
  ...args: CallArguments<N>
): UseQueryResult<RouteResponse<N>, ApiError> {
  return useQuery(routeQuery(name, ...args));
}

/** Reads a route that a parent already waits for. */
export function useLoadedRoute<N extends RouteName>(name: N, ...args: CallArguments<N>): RouteResponse<N> {
  return useSuspenseQuery(routeQuery(name, ...args)).data;
}

/** Calls a route as a command. */
export function useCommand<N extends RouteName>(
  name: N,
): UseMutationResult<RouteResponse<N>, ApiError, CallInput<N>> {
  return useMutation<RouteResponse<N>, ApiError, CallInput<N>>({
    mutationKey: [name],
    mutationFn: (input) => call(name, ...([input] as unknown as CallArguments<N>)),
  });
}
