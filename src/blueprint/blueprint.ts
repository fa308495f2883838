/** The platform-neutral description of one model. Filled in below as the rooms grow. */
export interface Blueprint {
  readonly model: string;
}
