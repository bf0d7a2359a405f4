// What a quasi-recurrent layer does after its one matrix product (Bradbury et al. 2016), over a window of time: the
// gates' activations and c[t] = kept · c[t − 1] + (1 − kept) · z, in one pass over memory. Gates lie in the order z, f,
// and o where there is one; kept = 1 − mask · (1 − f) with zone-out, else f. Each thread owns some blocks of units of
// some rows of the batch, for all steps, so threads exchange nothing. Included inside a namespace.

// The units of one row of the batch from `unit` on, at most one vector of them.
struct ScanBlock {
  long row, unit;
  int count;
  ScanBlock(long index, long blocks, long hidden) {
    row = index / blocks;
    unit = index % blocks * THAW_WIDTH;
    count = hidden - unit < THAW_WIDTH ? static_cast<int>(hidden - unit) : THAW_WIDTH;
  }
};

static inline Vector keptOf(Vector forget, const float* zoneOut, long place, int count) {
  return zoneOut ? all(1.0f) - loadUnits(zoneOut + place, count) * (all(1.0f) - forget) : forget;
}

static void qrnnForward(const QrnnForward& f) {
  const long hidden = f.hidden, batch = f.batch, width = f.gateCount * hidden;
  const long blocks = roundUp(hidden, THAW_WIDTH) / THAW_WIDTH;
  auto work = [&](const Member& m) {
    long begin, end;
    m.share(batch * blocks, 1, &begin, &end);
    for (long t = 0; t < f.time; t++) {
      const float* const before = t == 0 ? f.c0 : f.gates ? f.cells + (t - 1) * batch * hidden : f.cells;
      float* const after = f.gates ? f.cells + t * batch * hidden : f.cells;
      for (long index = begin; index < end; index++) {
        const ScanBlock at(index, blocks, hidden);
        const long row = t * batch + at.row, place = row * hidden + at.unit;
        const float* const raw = f.raw + row * width + at.unit;
        const float* const bias = f.bias + at.unit;
        const Vector z = hyperbolicTangent(loadUnits(raw, at.count) + loadUnits(bias, at.count));
        const Vector forget =
            sigmoid(loadUnits(raw + hidden, at.count) + loadUnits(bias + hidden, at.count));
        const Vector kept = keptOf(forget, f.zoneOut, place, at.count);
        const long state = at.row * hidden + at.unit;
        const Vector cell = z + kept * (loadUnits(before + state, at.count) - z);
        storeUnits(after + state, cell, at.count);
        float* const gates = f.gates ? f.gates + row * width + at.unit : nullptr;
        if (gates) {
          storeUnits(gates, z, at.count);
          storeUnits(gates + hidden, forget, at.count);
        }
        Vector output = cell;
        if (f.gateCount == 3) {
          const Vector o =
              sigmoid(loadUnits(raw + 2 * hidden, at.count) + loadUnits(bias + 2 * hidden, at.count));
          if (gates) storeUnits(gates + 2 * hidden, o, at.count);
          output *= o;
        }
        storeUnits(f.output + place, output, at.count);
      }
    }
  };
  inTeam(40.0 * f.time * batch * hidden, work);
}

static void qrnnBackward(const QrnnBackward& f) {
  const long hidden = f.hidden, batch = f.batch, width = f.gateCount * hidden;
  const long blocks = roundUp(hidden, THAW_WIDTH) / THAW_WIDTH;
  auto work = [&](const Member& m) {
    long begin, end;
    m.share(batch * blocks, 1, &begin, &end);
    const Vector one = all(1.0f);
    for (long t = f.time - 1; t >= 0; t--) {
      const float* const before = t == 0 ? f.c0 : f.cells + (t - 1) * batch * hidden;
      for (long index = begin; index < end; index++) {
        const ScanBlock at(index, blocks, hidden);
        const long row = t * batch + at.row, place = row * hidden + at.unit, state = at.row * hidden + at.unit;
        const float* const gates = f.gates + row * width + at.unit;
        const Vector z = loadUnits(gates, at.count), forget = loadUnits(gates + hidden, at.count);
        const Vector dOutput = loadUnits(f.dOutput + place, at.count);
        float* const out = f.dGates + row * width + at.unit;
        // dC0 holds, on the way, the gradient of the cells that step t + 1 came from.
        Vector dCell = t == f.time - 1 ? Vector{} : loadUnits(f.dC0 + state, at.count);
        if (f.gateCount == 3) {
          const Vector o = loadUnits(gates + 2 * hidden, at.count);
          dCell += dOutput * o;
          storeUnits(out + 2 * hidden, dOutput * loadUnits(f.cells + place, at.count) * o * (one - o), at.count);
        } else {
          dCell += dOutput;
        }
        const Vector kept = keptOf(forget, f.zoneOut, place, at.count);
        Vector dForget = dCell * (loadUnits(before + state, at.count) - z);
        if (f.zoneOut) dForget *= loadUnits(f.zoneOut + place, at.count);
        storeUnits(out, dCell * (one - kept) * (one - z * z), at.count);
        storeUnits(out + hidden, dForget * forget * (one - forget), at.count);
        storeUnits(f.dC0 + state, dCell * kept, at.count);
      }
    }
  };
  inTeam(20.0 * f.time * batch * hidden, work);
}
