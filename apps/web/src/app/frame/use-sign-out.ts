import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { signOut } from '../../shared/api/index.ts';
import { closeSocket } from '../../shared/socket/connection-state.ts';

/** Ends the login and forgets what it could see. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    await signOut();
    closeSocket();
    await navigate({ to: '/' });
    // What was read belongs to whoever was here; what is shown now is asked for again, as nobody.
    await queryClient.resetQueries();
  }, [navigate, queryClient]);
}
