export const PASSWORD = 'Sturdy-Harbor-42';
export const emailOf = (account: number): string => `partner${account}@bench.example`;
