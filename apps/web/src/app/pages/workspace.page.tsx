/** `/workspaces/:workspaceId`. */
export function WorkspacePage() {
  return null;
}
