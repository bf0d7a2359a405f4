// How the two factors of a matrix product are laid out for one instruction set, and the innermost loop that multiplies
// them. Included inside a namespace (see kernels.inc), which sets THAW_FORMAT to one of:
//   THAW_FP32  vectors of floats with fused multiply-add (AVX2, AVX-512)
//   THAW_DOT   pairs of bfloat16 multiplied and added to a float (AVX-512 BF16)
//   THAW_TILES tiles of 16 x 32 bfloat16 (AMX)
//
// A is cut into panels of kRows rows, B into panels of kColumns columns; along the depth both go in steps of kStep.
// Missing rows, columns and depth are zeros. bfloat16 pairs lie in one 32-bit word, the even depth in the low half.

// A matrix in memory: element (i, j) is p[i · row + j · column].
struct View {
  const float* p;
  long row;
  long column;
  View at(long i, long j) const { return View{p + i * row + j * column, row, column}; }
};

static inline long roundUp(long n, long step) {
  return (n + step - 1) / step * step;
}

#if THAW_FORMAT == THAW_FP32
typedef float Element;
constexpr int kStep = 1;
constexpr int kDepth = 256;
#if THAW_WIDTH == 16
constexpr int kRows = 12, kColumns = 32;
#else
constexpr int kRows = 6, kColumns = 16;
#endif
#elif THAW_FORMAT == THAW_DOT
typedef unsigned short Element;
constexpr int kStep = 2;
constexpr int kDepth = 512;
constexpr int kRows = 12, kColumns = 32;
#else
typedef unsigned short Element;
constexpr int kStep = 32;
constexpr int kDepth = 512;
constexpr int kRows = 32, kColumns = 32;
#endif

constexpr int kGroups = kColumns / 16;

#if THAW_WIDTH == 16

// One step of depth of 16 lines: 16 floats, or 16 pairs of bfloat16 in 32-bit words.
#if THAW_FORMAT == THAW_FP32
constexpr int kPerWord = 1;
#else
constexpr int kPerWord = 2;

static inline __m512i pairs(__m512 even, __m512 odd) {
  const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
  const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}
#endif

// The next 16 words of depth of one line whose depth is contiguous; `depth` elements are there, the rest is zero.
static inline __m512i wordsOfLine(const float* line, long depth) {
#if THAW_FORMAT == THAW_FP32
  const __mmask16 mask = depth >= 16 ? 0xffff : static_cast<__mmask16>((1u << depth) - 1);
  return _mm512_castps_si512(_mm512_maskz_loadu_ps(mask, line));
#else
  const unsigned mask = depth >= 32 ? 0xffffffffu : (1u << depth) - 1;
  const __m512 first = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), line);
  const __m512 second = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16), line + 16);
  return (__m512i)_mm512_cvtne2ps_pbh(second, first);
#endif
}

// Words of one place in depth for `lines` lines that are contiguous in memory.
static inline __m512i wordsAcross(const float* p, long depthStride, long depth, int lines) {
  const __mmask16 mask = lines >= 16 ? 0xffff : static_cast<__mmask16>((1u << lines) - 1);
#if THAW_FORMAT == THAW_FP32
  (void)depthStride;
  (void)depth;
  return _mm512_castps_si512(_mm512_maskz_loadu_ps(mask, p));
#else
  const __m512 even = _mm512_maskz_loadu_ps(mask, p);
  const __m512 odd = _mm512_maskz_loadu_ps(depth > 1 ? mask : 0, depth > 1 ? p + depthStride : p);
  return pairs(even, odd);
#endif
}

static inline void transpose(__m512i* v) {
  __m512i t[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(v[2 * i], v[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(v[2 * i], v[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    v[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    v[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    v[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    v[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(v[i], v[4 + i], 0x88);
    t[4 + i] = _mm512_shuffle_i32x4(v[i], v[4 + i], 0xdd);
    t[8 + i] = _mm512_shuffle_i32x4(v[8 + i], v[12 + i], 0x88);
    t[12 + i] = _mm512_shuffle_i32x4(v[8 + i], v[12 + i], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    v[i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0x88);
    v[8 + i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0xdd);
    v[4 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0x88);
    v[12 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0xdd);
  }
}

// Fills v[w] with word w of depth (16 of them, from depth k on) of 16 lines. `line` and `deep` are strides.
static inline void block(const float* p, long line, long deep, int lines, long depth, __m512i* v) {
  if (deep == 1) {
    for (int i = 0; i < 16; i++) v[i] = i < lines ? wordsOfLine(p + i * line, depth) : _mm512_setzero_si512();
    transpose(v);
    return;
  }
  for (int w = 0; w < 16; w++) {
    const long left = depth - static_cast<long>(w) * kPerWord;
    v[w] = left > 0 ? wordsAcross(p + w * kPerWord * deep, deep, left, lines) : _mm512_setzero_si512();
  }
}

// Sixteen columns of B (the group'th of their panel), `depth` deep.
static inline void packColumns(View b, int columns, long depth, Element* panel, int group) {
  const long words = roundUp(depth, kStep) / kPerWord;
  unsigned* const out = reinterpret_cast<unsigned*>(panel);
  for (long w0 = 0; w0 < words; w0 += 16) {
    __m512i v[16];
    const long k = w0 * kPerWord;
    block(b.p + k * b.row, b.column, b.row, columns, depth - k, v);
    const long count = words - w0 < 16 ? words - w0 : 16;
    for (long w = 0; w < count; w++) {
#if THAW_FORMAT == THAW_TILES
      _mm512_storeu_si512(out + ((w0 / 16) * kGroups + group) * 256 + w * 16, v[w]);
#else
      _mm512_storeu_si512(out + (w0 + w) * kColumns + group * 16, v[w]);
#endif
    }
  }
}

static inline void packRows(View a, int rows, long depth, Element* panel) {
  const long words = roundUp(depth, kStep) / kPerWord;
  unsigned* const out = reinterpret_cast<unsigned*>(panel);
#if THAW_FORMAT == THAW_TILES
  for (long w0 = 0; w0 < words; w0 += 16) {
    const long k = w0 * kPerWord;
    for (int half = 0; half < 2; half++) {
      unsigned* const tile = out + ((w0 / 16) * 2 + half) * 256;
      const int lines = rows - half * 16;
      const float* const p = a.p + half * 16 * a.row + k * a.column;
      __m512i v[16];
      if (a.column == 1) {
        for (int i = 0; i < 16; i++) v[i] = i < lines ? wordsOfLine(p + i * a.row, depth - k) : _mm512_setzero_si512();
      } else {
        if (lines > 0) block(p, a.row, a.column, lines, depth - k, v);
        else for (int i = 0; i < 16; i++) v[i] = _mm512_setzero_si512();
        transpose(v);
      }
      for (int i = 0; i < 16; i++) _mm512_storeu_si512(tile + i * 16, v[i]);
    }
  }
#else
  for (long w0 = 0; w0 < words; w0 += 16) {
    __m512i v[16];
    const long k = w0 * kPerWord;
    block(a.p + k * a.column, a.row, a.column, rows, depth - k, v);
    const long count = words - w0 < 16 ? words - w0 : 16;
    for (long w = 0; w < count; w++) _mm512_mask_storeu_epi32(out + (w0 + w) * kRows, (1u << kRows) - 1, v[w]);
  }
#endif
}

// Writes 16 values of one row into a panel of A that is made piece by piece; k is a multiple of 16.
static inline void putRow(Element* panel, int row, long k, const float* values) {
#if THAW_FORMAT == THAW_FP32
  for (int i = 0; i < 16; i++) panel[(k + i) * kRows + row] = values[i];
#else
  const __m256i halves = (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(values));
#if THAW_FORMAT == THAW_TILES
  Element* const tile = panel + ((k / 32) * 2 + row / 16) * 512;
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(tile + (row % 16) * 32 + k % 32), halves);
#else
  alignas(32) unsigned words[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(words), halves);
  unsigned* const out = reinterpret_cast<unsigned*>(panel);
  for (int i = 0; i < 8; i++) out[(k / 2 + i) * kRows + row] = words[i];
#endif
#endif
}

#else  // AVX2: plain loops, which the compiler turns into vectors

static inline void packColumns(View b, int columns, long depth, Element* panel, int group) {
  for (long k = 0; k < depth; k++) {
    float* const out = panel + k * kColumns + group * 16;
    const float* const p = b.p + k * b.row;
    for (int j = 0; j < 16; j++) out[j] = j < columns ? p[j * b.column] : 0.0f;
  }
}

static inline void packRows(View a, int rows, long depth, Element* panel) {
  for (long k = 0; k < depth; k++) {
    const float* const p = a.p + k * a.column;
    for (int i = 0; i < kRows; i++) panel[k * kRows + i] = i < rows ? p[i * a.row] : 0.0f;
  }
}

static inline void putRow(Element* panel, int row, long k, const float* values) {
  for (int i = 0; i < 16; i++) panel[(k + i) * kRows + row] = values[i];
}

#endif

// One panel of B: kColumns columns or fewer.
static inline void packColumnPanel(View b, long columns, long depth, Element* panel) {
  for (int group = 0; group < kGroups; group++) {
    const long left = columns - group * 16;
    packColumns(b.at(0, group * 16), left >= 16 ? 16 : left > 0 ? static_cast<int>(left) : 0, depth, panel, group);
  }
}

#if THAW_FORMAT == THAW_TILES

static inline void openTiles() {
  alignas(64) unsigned char config[64] = {};
  config[0] = 1;
  for (int tile = 0; tile < 8; tile++) {
    config[16 + 2 * tile] = 64;  // bytes a row
    config[48 + tile] = 16;      // rows
  }
  _tile_loadconfig(config);
}

static inline void closeTiles() {
  _tile_release();
}

template <bool kTwoRows, bool kTwoColumns>
static inline void multiplyTiles(long steps, const Element* a, const Element* b, float* c, long stride, bool add) {
  const long bytes = stride * 4;
  float* const below = c + 16 * stride;
  if (add) {
    _tile_loadd(0, c, bytes);
    if (kTwoColumns) _tile_loadd(1, c + 16, bytes);
    if (kTwoRows) _tile_loadd(2, below, bytes);
    if (kTwoRows && kTwoColumns) _tile_loadd(3, below + 16, bytes);
  } else {
    _tile_zero(0);
    if (kTwoColumns) _tile_zero(1);
    if (kTwoRows) _tile_zero(2);
    if (kTwoRows && kTwoColumns) _tile_zero(3);
  }
  for (long s = 0; s < steps; s++, a += 1024, b += 1024) {
    _tile_loadd(6, b, 64);
    _tile_loadd(4, a, 64);
    _tile_dpbf16ps(0, 4, 6);
    if (kTwoColumns) {
      _tile_loadd(7, b + 512, 64);
      _tile_dpbf16ps(1, 4, 7);
    }
    if (kTwoRows) {
      _tile_loadd(5, a + 512, 64);
      _tile_dpbf16ps(2, 5, 6);
      if (kTwoColumns) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, c, bytes);
  if (kTwoColumns) _tile_stored(1, c + 16, bytes);
  if (kTwoRows) _tile_stored(2, below, bytes);
  if (kTwoRows && kTwoColumns) _tile_stored(3, below + 16, bytes);
}

// C [rows to kRows, columns to kColumns] (+)= A panel · B panel. Writes whole tiles: C must have room for them.
static inline void multiplyPanels(
    long depth, const Element* a, const Element* b, float* c, long stride, bool add, int rows, int columns) {
  const long steps = depth / kStep;
  if (rows > 16) {
    if (columns > 16) multiplyTiles<true, true>(steps, a, b, c, stride, add);
    else multiplyTiles<true, false>(steps, a, b, c, stride, add);
  } else if (columns > 16) {
    multiplyTiles<false, true>(steps, a, b, c, stride, add);
  } else {
    multiplyTiles<false, false>(steps, a, b, c, stride, add);
  }
}

// Rows and columns that multiplyPanels writes when it is asked for so many.
static inline int rowsWritten(int rows) {
  return rows > 16 ? 32 : 16;
}
static inline int columnsWritten(int columns) {
  return columns > 16 ? 32 : 16;
}

#else

static inline void openTiles() {}
static inline void closeTiles() {}

template <int kCount>
static inline void multiplyRows(long steps, const Element* a, const Element* b, float* c, long stride, bool add) {
  Vector sums[kCount][2];
#pragma GCC unroll 16
  for (int r = 0; r < kCount; r++) {
    sums[r][0] = add ? load(c + r * stride) : Vector{};
    sums[r][1] = add ? load(c + r * stride + THAW_WIDTH) : Vector{};
  }
  for (long s = 0; s < steps; s++) {
#if THAW_FORMAT == THAW_FP32
    const Vector left = load(b + s * kColumns), right = load(b + s * kColumns + THAW_WIDTH);
#pragma GCC unroll 16
    for (int r = 0; r < kCount; r++) {
      const Vector factor = all(a[s * kRows + r]);
      sums[r][0] += factor * left;
      sums[r][1] += factor * right;
    }
#else
    const unsigned* const words = reinterpret_cast<const unsigned*>(b) + s * kColumns;
    const __m512bh left = (__m512bh)_mm512_loadu_si512(words), right = (__m512bh)_mm512_loadu_si512(words + 16);
    const int* const factors = reinterpret_cast<const int*>(a) + s * kRows;
#pragma GCC unroll 16
    for (int r = 0; r < kCount; r++) {
      const __m512bh factor = (__m512bh)_mm512_set1_epi32(factors[r]);
      sums[r][0] = (Vector)_mm512_dpbf16_ps((__m512)sums[r][0], factor, left);
      sums[r][1] = (Vector)_mm512_dpbf16_ps((__m512)sums[r][1], factor, right);
    }
#endif
  }
#pragma GCC unroll 16
  for (int r = 0; r < kCount; r++) {
    store(c + r * stride, sums[r][0]);
    store(c + r * stride + THAW_WIDTH, sums[r][1]);
  }
}

// C [rows, kColumns] (+)= A panel · B panel. Writes whole columns: C must have room for them.
static inline void multiplyPanels(
    long depth, const Element* a, const Element* b, float* c, long stride, bool add, int rows, int) {
  const long steps = depth / kStep;
  switch (rows) {
#if THAW_WIDTH == 16
    case 12: return multiplyRows<12>(steps, a, b, c, stride, add);
    case 11: return multiplyRows<11>(steps, a, b, c, stride, add);
    case 10: return multiplyRows<10>(steps, a, b, c, stride, add);
    case 9: return multiplyRows<9>(steps, a, b, c, stride, add);
    case 8: return multiplyRows<8>(steps, a, b, c, stride, add);
    case 7: return multiplyRows<7>(steps, a, b, c, stride, add);
#endif
    case 6: return multiplyRows<6>(steps, a, b, c, stride, add);
    case 5: return multiplyRows<5>(steps, a, b, c, stride, add);
    case 4: return multiplyRows<4>(steps, a, b, c, stride, add);
    case 3: return multiplyRows<3>(steps, a, b, c, stride, add);
    case 2: return multiplyRows<2>(steps, a, b, c, stride, add);
    case 1: return multiplyRows<1>(steps, a, b, c, stride, add);
  }
}

static inline int rowsWritten(int rows) {
  return rows;
}
static inline int columnsWritten(int) {
  return kColumns;
}

#endif
