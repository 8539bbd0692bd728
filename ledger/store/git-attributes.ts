/** Keeps git from changing line ends below the folder that has it: every byte of a ledger is hashed. */
export const GIT_ATTRIBUTES = { name: ".gitattributes", text: "* -text\n" } as const;
