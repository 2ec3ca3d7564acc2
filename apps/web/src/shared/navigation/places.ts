/** The addresses of the client, as links write them. */
export const places = {
  home: '/',
  cohorts: '/cohorts',
  operations: '/operations',
  newCohort: '/cohorts/new',
  cohort: (cohortId: string): string => `/cohorts/${encodeURIComponent(cohortId)}`,
  classSession: (classSessionId: string): string => `/class/${encodeURIComponent(classSessionId)}`,
  workspace: (workspaceId: string): string => `/workspaces/${encodeURIComponent(workspaceId)}`,
} as const;
