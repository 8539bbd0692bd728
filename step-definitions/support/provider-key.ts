/** What the specs' own model server asks for. */
export const PROVIDER_KEY = "sk-the-real-key-of-the-provider-5f0c";
