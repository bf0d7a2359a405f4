// Matrix products from the panels of formats.h, after Goto & van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication" (2008). Included inside a namespace (see kernels.inc).

constexpr long kBlockRows = 192;     // rows of A that are packed at a time: a multiple of every kRows
constexpr long kBlockColumns = 512;  // columns of B

// B packed as a whole: panel by panel, each with its full depth.
struct PackedColumns {
  const Element* p;
  long depth;  // padded to kStep
  const Element* panel(long column, long k) const { return p + column / kColumns * kColumns * depth + k * kColumns; }
};

static inline long packedColumnsSize(long depth, long columns) {
  return roundUp(columns, kColumns) * roundUp(depth, kStep);
}

static inline long packedRowsSize(long depth, long rows) {
  return roundUp(rows, kRows) * roundUp(depth, kStep);
}

// Bytes that one thread needs for its own blocks.
static inline long workspaceBytes() {
  return (kBlockRows + kRows + kBlockColumns + kColumns) * kDepth * static_cast<long>(sizeof(Element)) +
         kRows * kColumns * 4;
}

struct Workspace {
  Element* rows;
  Element* columns;
  float* corner;  // [kRows, kColumns] for the edges of C
  Workspace(void* memory, int member) {
    char* const p = static_cast<char*>(memory) + roundUp(workspaceBytes(), 4096) * member;
    rows = reinterpret_cast<Element*>(p);
    columns = rows + (kBlockRows + kRows) * kDepth;
    corner = reinterpret_cast<float*>(columns + (kBlockColumns + kColumns) * kDepth);
  }
};

static inline void* workspaces() {
  return scratch(0, roundUp(workspaceBytes(), 4096) * teamSize());
}

// One panel of A by one of B into C, through the corner where C has no room for whole tiles.
static inline void multiplyInto(const Workspace& w, long depth, const Element* a, const Element* b, float* c, long stride,
                                bool add, int rows, int columns) {
  if (rowsWritten(rows) == rows && columnsWritten(columns) == columns) {
    multiplyPanels(depth, a, b, c, stride, add, rows, columns);
    return;
  }
  multiplyPanels(depth, a, b, w.corner, kColumns, false, rows, columns);
  for (int i = 0; i < rows; i++) {
    float* const out = c + i * stride;
    const float* const from = w.corner + i * kColumns;
    if (add) for (int j = 0; j < columns; j++) out[j] += from[j];
    else for (int j = 0; j < columns; j++) out[j] = from[j];
  }
}

// C [rows, columns] = A [rows, depth] · B [depth, columns], by this thread alone.
static void multiply(const Workspace& w, long rows, long columns, long depth, View a, View b, float* c, long stride) {
  for (long j0 = 0; j0 < columns; j0 += kBlockColumns) {
    const long width = columns - j0 < kBlockColumns ? columns - j0 : kBlockColumns;
    for (long k0 = 0; k0 < depth; k0 += kDepth) {
      const long deep = depth - k0 < kDepth ? depth - k0 : kDepth;
      const long padded = roundUp(deep, kStep);
      for (long j = 0; j < width; j += kColumns) {
        packColumnPanel(b.at(k0, j0 + j), width - j, deep, w.columns + j * padded);
      }
      for (long i0 = 0; i0 < rows; i0 += kBlockRows) {
        const long height = rows - i0 < kBlockRows ? rows - i0 : kBlockRows;
        for (long i = 0; i < height; i += kRows) {
          const int count = height - i < kRows ? static_cast<int>(height - i) : kRows;
          packRows(a.at(i0 + i, k0), count, deep, w.rows + i * padded);
        }
        for (long j = 0; j < width; j += kColumns) {
          const int across = width - j < kColumns ? static_cast<int>(width - j) : kColumns;
          for (long i = 0; i < height; i += kRows) {
            const int down = height - i < kRows ? static_cast<int>(height - i) : kRows;
            multiplyInto(w, padded, w.rows + i * padded, w.columns + j * padded, c + (i0 + i) * stride + j0 + j, stride,
                         k0 > 0, down, across);
          }
        }
      }
    }
  }
}

// The same shared out over a team, along the longer side of C. No barrier inside.
static void multiplyTogether(const Member& m, const Workspace& w, long rows, long columns, long depth, View a, View b,
                             float* c, long stride) {
  long begin, end;
  if (rows >= columns) {
    m.share(rows, kRows, &begin, &end);
    multiply(w, end - begin, columns, depth, a.at(begin, 0), b, c + begin * stride, stride);
  } else {
    m.share(columns, kColumns, &begin, &end);
    multiply(w, rows, end - begin, depth, a, b.at(0, begin), c + begin, stride);
  }
}

// Packs B [depth, columns] as a whole, shared out over a team.
static void packTogether(const Member& m, View b, long depth, long columns, Element* out) {
  long begin, end;
  m.share(columns, kColumns, &begin, &end);
  const long padded = roundUp(depth, kStep);
  for (long j = begin; j < end; j += kColumns) {
    packColumnPanel(b.at(0, j), columns - j, depth, out + j * padded);
  }
}
