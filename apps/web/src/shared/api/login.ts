import { send } from './call.ts';

/** Password sign-in, sign-up and sign-out are the login library's own routes, outside of the contract's table. */
const LOGIN_PATH = '/api/auth';

export type SignIn = { email: string; password: string };
export type SignUp = SignIn & { name: string };

/** @throws ApiError with status 401 when the pair is wrong */
export async function signIn(form: SignIn): Promise<void> {
  await send(`${LOGIN_PATH}/sign-in/email`, { method: 'POST', body: form });
}

/** @throws ApiError with status 422 when the address already has an account */
export async function signUp(form: SignUp): Promise<void> {
  await send(`${LOGIN_PATH}/sign-up/email`, { method: 'POST', body: form });
}

export async function signOut(): Promise<void> {
  await send(`${LOGIN_PATH}/sign-out`, { method: 'POST', body: {} });
}
