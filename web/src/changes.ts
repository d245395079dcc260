// What a form changes of what it was read from.

/** The fields that differ. */
export function changes<Form extends object>(from: Form, to: Form): Partial<Form> {
  const differs = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(from[name as keyof Form]);
  return Object.fromEntries(Object.entries(to).filter(differs)) as Partial<Form>;
}
