// What TensorFlow makes of several passes over memory, in one: dropout masks, and a step of Adam. Included inside a
// namespace.

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
