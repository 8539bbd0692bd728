export type * from "vega";

declare module "vega" {
  /** How wide vega takes a text to be. It documents this place for measures of others; its types lack it. */
  export const textMetrics: {
    width: (item: { readonly fontSize?: number }, text: string | null) => number;
  };
}
