/** From so many labels on letters look for a label: their keys alone no longer reach all comfortably. */
export const typeAheadFrom = 11;
