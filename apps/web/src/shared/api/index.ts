export { ApiError, isRefusal, type ApiErrorKind } from './api-error.ts';
export { addressOf, call, type CallInput } from './call.ts';
export { routeKey, routeQuery, useCommand, useLoadedRoute, useRoute } from './queries.ts';
export { makeQueryClient } from './query-client.ts';
export { signIn, signOut, signUp } from './login.ts';
export { callerOf, useMe } from './me.ts';
