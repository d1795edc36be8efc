/** The attributes of `<bilik-lookup>` as a template writes them. docs/embedding.md explains each. */
export interface BilikAttributes {
  /** Base URLs of the sites that serve the lookup's page, separated by spaces. The package comes from none, so it must be told. */
  mirrors: string;
  /** The election's id, which the site must have. */
  election?: string;
  /** Keys that the site must have, separated by spaces. */
  'public-key'?: string;
  theme?: 'auto' | 'light' | 'dark';
  loading?: 'lazy' | 'eager';
}
