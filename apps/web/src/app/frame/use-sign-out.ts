import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { signOut } from '../../shared/api/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { closeSocket } from '../../shared/socket/connection-state.ts';

/** Ends the login and forgets what it could see. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    await signOut();
    closeSocket();
    navigate(places.home);
    // What was read belongs to whoever was here; what is shown now is asked for again, as nobody.
    await queryClient.resetQueries();
  }, [queryClient]);
}
