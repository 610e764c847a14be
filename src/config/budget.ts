// A bound that flags and a user's own settings of verification share.

/** The most secrets of one provider that one run may be told to ask about. */
export const maxBudget = 1000;
