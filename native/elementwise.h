// What TensorFlow makes of several passes over memory, in one: dropout masks, a step of Adam, and the gradient of an
// encoder's output. Included inside a namespace.

typedef unsigned int CountVector __attribute__((vector_size(THAW_WIDTH * 4)));

// A hash with full avalanche ("lowbias32" of Wellons' hash-prospector, found by search).
static inline CountVector hashed(CountVector x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

// Two rounds of the hash give each element and seed a number of its own, whichever thread asks.
static void dropoutMask(const DropoutMask& f) {
  const unsigned int limit = static_cast<unsigned int>(f.rate * 4294967296.0);
  const Vector kept = all(static_cast<float>(1.0 / (1.0 - f.rate)));
  CountVector lanes;
  for (int i = 0; i < THAW_WIDTH; i++) lanes[i] = i;
  auto work = [&](const Member& m) {
    long begin, end;
    m.share(f.count, 1024, &begin, &end);
    for (long i = begin; i < end; i += THAW_WIDTH) {
      // The place within 2^32 elements is the counter, the rest goes into the key.
      const unsigned int key = f.seed1 + static_cast<unsigned int>(i >> 32);
      const CountVector places = lanes + static_cast<unsigned int>(i);
      const CountVector drawn = hashed(hashed(places * 0x9e3779b9U + f.seed0) ^ key);
      const int left = end - i < THAW_WIDTH ? static_cast<int>(end - i) : THAW_WIDTH;
      storeUnits(f.mask + i, drawn < limit ? Vector{} : kept, left);
    }
  };
  inTeam(4.0 * f.count, work);
}

static void adam(const AdamStep& f) {
  auto work = [&](const Member& m) {
    long begin, end;
    m.share(f.count, 16, &begin, &end);
    const float* const value = f.value;
    const float* const gradient = f.gradient;
    float* const mean = f.mean;
    float* const square = f.square;
    float* const changed = f.changed;
    const float scale = f.gradientScale, beta1 = f.beta1, beta2 = f.beta2, decay = f.decay, rate = f.rate;
    const float epsilon = f.epsilon, rest1 = 1 - beta1, rest2 = 1 - beta2;
#pragma GCC ivdep
    for (long i = begin; i < end; i++) {
      const float g = gradient[i] * scale;
      const float first = beta1 * mean[i] + rest1 * g;
      const float second = beta2 * square[i] + rest2 * g * g;
      mean[i] = first;
      square[i] = second;
      changed[i] = value[i] * decay - rate * first / (__builtin_sqrtf(second) + epsilon);
    }
  };
  inTeam(4.0 * f.count, work);
}

// The sums are taken of each step in vectors and put together in doubles, in one order whatever the number of threads.
static void outputGradient(const OutputGradient& f) {
  const long size = f.batch * f.width;
  double* const sums = static_cast<double*>(scratch(1, 2 * sizeof(double) * f.time));
  auto work = [&](const Member& m) {
    long begin, end;
    m.share(f.time, 1, &begin, &end);
    const long maskStep = f.maskOfEachStep ? size : 0;
    const Vector activation = all(f.activation), temporal = all(f.temporal);
    for (long t = begin; t < end; t++) {
      const float* const raw = f.raw + t * size;
      const bool isFirst = t == 0, isLast = t == f.time - 1;
      double squares = 0, changes = 0;
      for (long row = 0; row < f.batch; row++) {
        Vector square = {}, change = {};
        for (long j = 0; j < f.width; j += THAW_WIDTH) {
          const long at = row * f.width + j;
          const int left = f.width - j < THAW_WIDTH ? static_cast<int>(f.width - j) : THAW_WIDTH;
          const Vector x = loadUnits(raw + at, left), given = loadUnits(f.dropped + t * size + at, left);
          Vector d = loadUnits(f.decoded + t * size + at, left) + activation * given;
          if (f.mask) d *= loadUnits(f.mask + t * maskStep + at, left);
          const Vector fromBefore = isFirst ? Vector{} : x - loadUnits(raw - size + at, left);
          const Vector toNext = isLast ? Vector{} : loadUnits(raw + size + at, left) - x;
          storeUnits(f.dRaw + t * size + at, d + temporal * (fromBefore - toNext), left);
          square += given * given;
          change += toNext * toNext;
        }
        squares += sumOf(square);
        changes += sumOf(change);
      }
      sums[2 * t] = squares;
      sums[2 * t + 1] = changes;
    }
  };
  inTeam(8.0 * f.time * size, work);
  double squares = 0, changes = 0;
  for (long t = 0; t < f.time; t++) {
    squares += sums[2 * t];
    changes += sums[2 * t + 1];
  }
  f.sums[0] = static_cast<float>(squares);
  f.sums[1] = static_cast<float>(changes);
}
