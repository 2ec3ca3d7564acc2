import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { closeSocket } from '../../shared/socket/connection-state.ts';

/** To be called after a sign-in: what was cached belongs to whoever was here before. */
export function useSignedIn(): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    closeSocket();
    queryClient.removeQueries({
      predicate: ({ queryKey: [name] }) =>
        !['getMe', 'getInstance', 'listPersonas', 'previewInvitation'].includes(String(name)),
    });
    await queryClient.refetchQueries({ queryKey: ['getMe'] });
  }, [queryClient]);
}
