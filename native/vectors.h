// Vectors of floats as wide as the processor has, and the functions an LSTM and a softmax need on them. Included once
// for each instruction set, inside a namespace of that name (see kernels.inc).

typedef float Vector __attribute__((vector_size(THAW_WIDTH * 4)));
typedef int IntVector __attribute__((vector_size(THAW_WIDTH * 4)));
typedef float LooseVector __attribute__((vector_size(THAW_WIDTH * 4), aligned(4)));

static inline Vector load(const float* p) {
  return *reinterpret_cast<const LooseVector*>(p);
}

static inline void store(float* p, Vector v) {
  *reinterpret_cast<LooseVector*>(p) = v;
}

// The same of `count` floats where there are fewer than a vector has; the others are zeros.
static inline Vector loadUnits(const float* p, int count) {
  if (count >= THAW_WIDTH) return load(p);
  Vector v = {};
  for (int i = 0; i < count; i++) v[i] = p[i];
  return v;
}

static inline void storeUnits(float* p, Vector v, int count) {
  if (count >= THAW_WIDTH) return store(p, v);
  for (int i = 0; i < count; i++) p[i] = v[i];
}

static inline Vector all(float value) {
  return value - Vector{};
}

static inline Vector smaller(Vector a, Vector b) {
  return a < b ? a : b;
}

static inline Vector larger(Vector a, Vector b) {
  return a > b ? a : b;
}

static inline float sumOf(Vector v) {
  float sum = 0;
  for (int i = 0; i < THAW_WIDTH; i++) sum += v[i];
  return sum;
}

static inline float largestOf(Vector v) {
  float best = v[0];
  for (int i = 1; i < THAW_WIDTH; i++) best = v[i] > best ? v[i] : best;
  return best;
}

// e^x to about 1e-7 relative: 2^n · e^r with |r| <= ln 2 / 2 and a Taylor polynomial of degree 7 for e^r.
static inline Vector exponential(Vector x) {
  x = smaller(larger(x, all(-87.0f)), all(88.0f));
  const Vector magic = all(12582912.0f);  // 1.5 · 2^23: adding it rounds to a whole number
  const Vector n = (x * all(1.44269504088896341f) + magic) - magic;
  const Vector r = (x - n * all(0.693359375f)) + n * all(2.12194440e-4f);
  Vector p = all(1.0f / 5040);
  p = p * r + all(1.0f / 720);
  p = p * r + all(1.0f / 120);
  p = p * r + all(1.0f / 24);
  p = p * r + all(1.0f / 6);
  p = p * r + all(0.5f);
  p = p * r + all(1.0f);
  p = p * r + all(1.0f);
  const IntVector power = (__builtin_convertvector(n, IntVector) + 127) << 23;
  return p * reinterpret_cast<const Vector&>(power);
}

// 1 / x to about 1e-7 relative, for x >= 1. A division of 16 floats takes as long as a dozen other instructions; an
// estimate of 14 bits and one Newton step take four.
static inline Vector reciprocal(Vector x) {
#if THAW_WIDTH == 16
  const Vector estimate = (Vector)_mm512_rcp14_ps((__m512)x);
  return estimate * (all(2.0f) - x * estimate);
#else
  return all(1.0f) / x;
#endif
}

static inline Vector sigmoid(Vector x) {
  return reciprocal(all(1.0f) + exponential(-x));
}

static inline Vector hyperbolicTangent(Vector x) {
  return all(1.0f) - all(2.0f) * reciprocal(all(1.0f) + exponential(x + x));
}
