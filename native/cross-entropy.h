// Softmax cross-entropy of x · Eᵀ + b against one target a row, with its gradients. The rows x vocabulary matrix is
// never in memory as floats: a thread takes a stripe of rows through the vocabulary chunk by chunk, turns logits into
// e^(logit − m) in its cache, uses them there for dx, and keeps them packed for dE. Dividing by their sum is put off:
// with u = e^(logit − m) and s = scale / Σu, the gradients are
//     dx = s · (u · E) − scale · E[target]         dE = uᵀ · (s · x) − Σ_target scale · x
// so it acts on the small factors. m is the greatest logit among the first chunk's (the most frequent words); where
// that was so wrong that e^ would overflow, the stripe is done again with the true one. Included inside a namespace.

constexpr int kSpan = 512;  // words of a chunk
#if THAW_FORMAT == THAW_TILES
constexpr int kGroupRows = 32;  // rows whose exponentials are made at once
constexpr int kStripe = 384;    // most rows of a stripe: E goes through the cache once for each stripe
#else
constexpr int kGroupRows = 48;
constexpr int kStripe = 384;
#endif
constexpr int kStripesAtOnce = 2;  // of each thread, before their share of dE is added up
constexpr float kOverflow = 40.0f;

struct EntropyMemory {
  Element* columns;  // E packed as [width, vocabulary]
  Element* rows;     // E packed as [vocabulary, width]
  Element* kept;     // u packed as A = [vocabulary, rows of a block]
  Element* scaled;   // s · x of a block packed as B = [rows of a block, width], then one panel that holds s alone
  float* sums;       // s of each row of a block
};

// What a thread needs for a stripe.
struct Stripe {
  Element* x;       // [kStripe, width] packed as A
  Element* u;       // [kStripe, kSpan] packed as A
  float* product;   // [kStripe, width rounded up]: u · E
  float* logits;    // [kGroupRows, 32]
  Vector* sums;     // [kStripe]
  Vector* most;     // [kStripe]
  float* shift;     // [kStripe]: m
  float* own;       // [kStripe]: the target's logit
};

// Rows of a stripe: no more than keep every thread busy.
static inline long stripeRows(long rows) {
  const long share = roundUp((rows + teamSize() - 1) / teamSize(), kGroupRows);
  return share < kStripe ? share : kStripe;
}

static inline long stripeBytes(long width) {
  return (kStripe * roundUp(width, 32) + kStripe * kSpan) * static_cast<long>(sizeof(Element)) +
         (kStripe * roundUp(width, 32) + kGroupRows * 32 + 2 * kStripe * THAW_WIDTH + 2 * kStripe) * 4 + 4096;
}

static inline Stripe stripeAt(void* memory, long width) {
  Stripe s;
  char* p = static_cast<char*>(memory);
  s.product = reinterpret_cast<float*>(p);
  p += kStripe * roundUp(width, 32) * 4;
  s.logits = reinterpret_cast<float*>(p);
  p += kGroupRows * 32 * 4;
  s.sums = reinterpret_cast<Vector*>(p);
  p += kStripe * THAW_WIDTH * 4;
  s.most = reinterpret_cast<Vector*>(p);
  p += kStripe * THAW_WIDTH * 4;
  s.shift = reinterpret_cast<float*>(p);
  s.own = s.shift + kStripe;
  p += roundUp(2 * kStripe * 4, 64);
  s.x = reinterpret_cast<Element*>(p);
  s.u = s.x + kStripe * roundUp(width, 32);
  return s;
}

// Writes kGroupRows x 32 values (row-major) into panels of A whose rows are those rows; `row` and `k` say where.
static inline void putBlock(Element* panels, long depth, long row, long k, const float* values, int rows) {
  for (int r = 0; r < rows; r++) {
    Element* const panel = panels + (row + r) / kRows * kRows * depth;
    const int line = static_cast<int>((row + r) % kRows);
    putRow(panel, line, k, values + r * 32);
    putRow(panel, line, k + 16, values + r * 32 + 16);
  }
}

// Writes the same values into panels of A whose rows are the 32 columns, and whose depth goes along the rows.
static inline void putTransposed(Element* panels, long depth, long column, long k, const float* values) {
#if THAW_FORMAT == THAW_TILES
  Element* const tiles = panels + column * depth + k / 32 * 1024;
  for (int half = 0; half < 2; half++) {
    __m512i v[16];
    for (int i = 0; i < 16; i++) {
      const float* const p = values + i * 64 + half * 16;
      v[i] = pairs(_mm512_loadu_ps(p), _mm512_loadu_ps(p + 32));
    }
    transpose(v);
    for (int i = 0; i < 16; i++) _mm512_storeu_si512(tiles + half * 512 + i * 32, v[i]);
  }
#elif THAW_FORMAT == THAW_DOT
  for (int r = 0; r < kGroupRows; r += 2) {
    alignas(64) unsigned words[32];
    const float* const p = values + r * 32;
    _mm512_store_si512(words, pairs(_mm512_loadu_ps(p), _mm512_loadu_ps(p + 32)));
    _mm512_store_si512(words + 16, pairs(_mm512_loadu_ps(p + 16), _mm512_loadu_ps(p + 48)));
    for (int j = 0; j < 32; j++) {
      unsigned* const panel = reinterpret_cast<unsigned*>(panels + (column + j) / kRows * kRows * depth);
      panel[(k + r) / 2 * kRows + (column + j) % kRows] = words[j];
    }
  }
#else
  for (int j = 0; j < 32; j++) {
    Element* const panel = panels + (column + j) / kRows * kRows * depth + (column + j) % kRows;
    for (int r = 0; r < kGroupRows; r++) panel[(k + r) * kRows] = values[r * 32 + j];
  }
#endif
}

// The logits, without the bias, of a group of rows and 32 words.
static inline void logitsOf(const Stripe& s, const PackedColumns& columns, long group, long word) {
  for (int i = 0; i < kGroupRows; i += kRows) {
    for (int j = 0; j < 32; j += kColumns) {
      multiplyPanels(columns.depth, s.x + (group + i) * columns.depth, columns.panel(word + j, 0),
                     s.logits + i * 32 + j, 32, false, kRows, kColumns);
    }
  }
}

// The greatest logits of the first chunk, as the first guess of m.
static void guessShift(const CrossEntropy& f, const Stripe& s, const PackedColumns& columns, long rows) {
  const long words = f.vocabulary < kSpan ? f.vocabulary : kSpan;
  for (long r = 0; r < kStripe; r++) s.shift[r] = r < rows ? -3.0e38f : 0.0f;
  for (long word = 0; word < words; word += 32) {
    const int across = words - word < 32 ? static_cast<int>(words - word) : 32;
    for (long group = 0; group < rows; group += kGroupRows) {
      logitsOf(s, columns, group, word);
      for (int r = 0; r < kGroupRows && group + r < rows; r++) {
        const float* const z = s.logits + r * 32;
        float best = s.shift[group + r];
        if (across == 32) {
          Vector most = load(z) + load(f.bias + word);
          for (int j = THAW_WIDTH; j < 32; j += THAW_WIDTH) most = larger(most, load(z + j) + load(f.bias + word + j));
          const float found = largestOf(most);
          best = found > best ? found : best;
        } else {
          for (int j = 0; j < across; j++) best = z[j] + f.bias[word + j] > best ? z[j] + f.bias[word + j] : best;
        }
        s.shift[group + r] = best;
      }
    }
  }
}

// Turns the logits of a group of rows and 32 words into u, in place, and adds up.
static inline void exponentiate(const CrossEntropy& f, const Stripe& s, long firstRow, long group, long rows, long word) {
  const int across = f.vocabulary - word < 32 ? static_cast<int>(f.vocabulary - word) : 32;
  for (int r = 0; r < kGroupRows; r++) {
    float* const z = s.logits + r * 32;
    const long place = group + r;
    if (place >= rows) {
      for (int j = 0; j < 32; j += THAW_WIDTH) store(z + j, Vector{});
      continue;
    }
    const Vector shift = all(s.shift[place]);
    const long target = f.targets[firstRow + place] - word;
    if (across == 32) {
      Vector most = s.most[place], sum = s.sums[place];
      Vector u[32 / THAW_WIDTH];
      for (int j = 0; j < 32 / THAW_WIDTH; j++) {
        const Vector logit = load(z + j * THAW_WIDTH) + load(f.bias + word + j * THAW_WIDTH);
        if (target >= 0 && target < 32) store(z + j * THAW_WIDTH, logit);
        most = larger(most, logit);
        u[j] = exponential(logit - shift);
        sum += u[j];
      }
      if (target >= 0 && target < 32) s.own[place] = z[target];
      for (int j = 0; j < 32 / THAW_WIDTH; j++) store(z + j * THAW_WIDTH, u[j]);
      s.most[place] = most;
      s.sums[place] = sum;
    } else {
      for (int j = 0; j < 32; j++) {
        if (j >= across) {
          z[j] = 0;
          continue;
        }
        const float logit = z[j] + f.bias[word + j];
        if (j == target) s.own[place] = logit;
        if (logit > s.most[place][0]) s.most[place][0] = logit;
        z[j] = exponential(all(logit) - shift)[0];
        s.sums[place][0] += z[j];
      }
    }
  }
}

// One stripe: losses, dx, and u for dE. `firstRow` counts from the start of x, `k` from that of the block.
static void entropyStripe(const CrossEntropy& f, const EntropyMemory& memory, const Stripe& s, long firstRow, long rows,
                          long k, long keptDepth) {
  const long v = f.vocabulary, width = f.width, stride = roundUp(width, 32);
  const PackedColumns columns{memory.columns, roundUp(width, kStep)}, embedding{memory.rows, roundUp(v, kStep)};
  for (long i = 0; i < roundUp(rows, kGroupRows); i += kRows) {
    const long left = rows - i;
    packRows(View{f.x + (firstRow + i) * width, width, 1}, left >= kRows ? kRows : left > 0 ? static_cast<int>(left) : 0,
             width, s.x + i * columns.depth);
  }
  guessShift(f, s, columns, rows);
  for (bool again = true; again;) {
    again = false;
    for (int r = 0; r < kStripe; r++) {
      s.sums[r] = Vector{};
      s.most[r] = all(-3.0e38f);
    }
    for (long w0 = 0; w0 < v; w0 += kSpan) {
      const long span = v - w0 < kSpan ? v - w0 : kSpan;
      const long depth = roundUp(span, 32);
      for (long word = w0; word < w0 + span; word += 32) {
        for (long group = 0; group < rows; group += kGroupRows) {
          logitsOf(s, columns, group, word);
          exponentiate(f, s, firstRow, group, rows, word);
          if (!f.dx) continue;
          putBlock(s.u, depth, group, word - w0, s.logits, kGroupRows);
          putTransposed(memory.kept, keptDepth, word, k + group, s.logits);
        }
      }
      if (!f.dx) continue;
      for (long n = 0; n < width; n += kColumns) {
        for (long i = 0; i < rows; i += kRows) {
          multiplyPanels(roundUp(span, kStep), s.u + i * depth, embedding.panel(n, w0), s.product + i * stride + n, stride,
                         w0 > 0, kRows, kColumns);
        }
      }
    }
    for (long r = 0; r < rows; r++) {
      const float most = largestOf(s.most[r]);
      if (most - s.shift[r] > kOverflow) {
        s.shift[r] = most;
        again = true;
      }
    }
  }
  for (long r = 0; r < rows; r++) {
    const long row = firstRow + r;
    const float sum = sumOf(s.sums[r]);
    f.losses[row] = logf(sum) + s.shift[r] - s.own[r];
    f.best[row] = s.own[r] >= largestOf(s.most[r]) ? 1.0f : 0.0f;
    if (!f.dx) continue;
    const float factor = f.scale / sum;
    memory.sums[k + r] = factor;
    const float* const e = f.embedding + f.targets[row] * width;
    for (long j = 0; j < width; j++) f.dx[row * width + j] = factor * s.product[r * stride + j] - f.scale * e[j];
  }
}

// dE (+)= uᵀ · (s · x) and dBias (+)= uᵀ · s, of a block; the words are shared out.
// Panels are `depth` apart, and `used` of that was written.
static void entropyWords(const CrossEntropy& f, const EntropyMemory& memory, const Member& m, const Workspace& w,
                         long depth, long used, bool add) {
  const long width = f.width, panels = roundUp(width, kColumns);
  long begin, end;
  m.share(f.vocabulary, kRows, &begin, &end);
  for (long word = begin; word < end; word += kRows) {
    const int rows = end - word < kRows ? static_cast<int>(end - word) : kRows;
    const Element* const u = memory.kept + word * depth;
    for (long n = 0; n < width; n += kColumns) {
      const int columns = width - n < kColumns ? static_cast<int>(width - n) : kColumns;
      multiplyInto(w, used, u, memory.scaled + n * depth, f.dEmbedding + word * width + n, width, add, rows, columns);
    }
    multiplyPanels(used, u, memory.scaled + panels * depth, w.corner, kColumns, false, rows, 1);
    for (int i = 0; i < rows; i++) f.dBias[word + i] = (add ? f.dBias[word + i] : 0.0f) + w.corner[i * kColumns];
  }
}

static void crossEntropy(const CrossEntropy& f) {
  const long v = f.vocabulary, width = f.width;
  const long stripe = stripeRows(f.rows), stripes = (f.rows + stripe - 1) / stripe;
  const long atOnce = stripes < kStripesAtOnce * teamSize() ? stripes : kStripesAtOnce * teamSize();
  const long depth = roundUp(atOnce * stripe, 32);
  const long size = static_cast<long>(sizeof(Element));
  EntropyMemory memory{};
  memory.columns = static_cast<Element*>(scratch(1, packedColumnsSize(width, roundUp(v, 32)) * size));
  if (f.dx) {
    memory.rows = static_cast<Element*>(scratch(2, packedColumnsSize(v, width) * size));
    memory.kept = static_cast<Element*>(scratch(3, (roundUp(v, 32) + kRows) * depth * size));
    memory.scaled = static_cast<Element*>(scratch(4, (roundUp(width, kColumns) + kColumns) * depth * size));
    memory.sums = static_cast<float*>(scratch(5, depth * 4 * (width + 1)));
  }
  void* const workspace = workspaces();
  char* const stripeMemory = static_cast<char*>(scratch(6, roundUp(stripeBytes(width), 4096) * teamSize()));
  auto work = [&](const Member& m) {
    openTiles();
    const Workspace w(workspace, m.id);
    const Stripe s = stripeAt(stripeMemory + roundUp(stripeBytes(width), 4096) * m.id, width);
    packTogether(m, View{f.embedding, 1, width}, width, v, memory.columns);
    if (f.dx) packTogether(m, View{f.embedding, width, 1}, v, width, memory.rows);
    m.barrier();
    for (long s0 = 0; s0 < stripes; s0 += atOnce) {
      const long here = stripes - s0 < atOnce ? stripes - s0 : atOnce;
      const long firstRow = s0 * stripe;
      const long blockRows = f.rows - firstRow < here * stripe ? f.rows - firstRow : here * stripe;
      const long blockDepth = roundUp(here * stripe, 32);
      long begin, end;
      m.share(here, 1, &begin, &end);
      for (long i = begin; i < end; i++) {
        const long row = firstRow + i * stripe, left = f.rows - row;
        const long rows = left < stripe ? left : stripe;
        if (f.dx && rows < stripe) {
          // What an earlier block left behind the last row would be multiplied by what is not there.
          for (long r = rows; r < stripe; r++) memory.sums[i * stripe + r] = 0.0f;
        }
        entropyStripe(f, memory, s, row, rows, i * stripe, blockDepth);
      }
      if (!f.dx) continue;
      m.barrier();
      // s · x as B, with s itself as one more panel.
      float* const scaledX = memory.sums + depth;
      m.share(blockRows, 16, &begin, &end);
      for (long r = begin; r < end; r++) {
        const float* const x = f.x + (firstRow + r) * width;
        for (long j = 0; j < width; j++) scaledX[r * width + j] = x[j] * memory.sums[r];
      }
      m.barrier();
      m.share(roundUp(width, kColumns) + kColumns, kColumns, &begin, &end);
      for (long n = begin; n < end; n += kColumns) {
        const bool isSums = n >= width;
        const View b = isSums ? View{memory.sums, 1, depth} : View{scaledX + n, width, 1};
        Element* const panel = memory.scaled + n * blockDepth;
        memset(panel, 0, blockDepth * kColumns * size);
        packColumnPanel(b, isSums ? 1 : width - n, blockRows, panel);
      }
      m.barrier();
      entropyWords(f, memory, m, w, blockDepth, roundUp(blockRows, kGroupRows), s0 > 0);
      m.barrier();
    }
    closeTiles();
  };
  inTeam(2.0 * f.rows * width * v, work);
  if (!f.dx) return;
  for (long r = 0; r < f.rows; r++) {
    float* const row = f.dEmbedding + f.targets[r] * width;
    for (long j = 0; j < width; j++) row[j] -= f.scale * f.x[r * width + j];
    f.dBias[f.targets[r]] -= f.scale;
  }
}
