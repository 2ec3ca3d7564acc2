import { createContext, useContext, useMemo } from 'react';
import type { z } from 'zod';
import type { Place } from './history.ts';

/** What the pages know of where they are. */
export type Navigation = {
  /** The place that is shown: while a page's code is on its way, still the one before it. */
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  /** Fetches the code of a path's page ahead of the visit. */
  readonly preload: (pathname: string) => void;
};

export const NavigationContext = createContext<Navigation>({
  place: { pathname: '/', search: '' },
  params: {},
  preload: () => undefined,
});

export const useNavigation = (): Navigation => useContext(NavigationContext);

/** A parameter of the path. @throws Error when the page's pattern has none of that name */
export function useParam(name: string): string {
  const value = useNavigation().params[name];
  if (value === undefined) throw new Error(`This page's address has no ${name}.`);
  return value;
}

/** The query of the address, checked. The schema must take every query, so that no address breaks a page. */
export function useSearch<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  const { search } = useNavigation().place;
  return useMemo(() => schema.parse(Object.fromEntries(new URLSearchParams(search))), [schema, search]);
}
