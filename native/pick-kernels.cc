#include <cpuid.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernels.h"

namespace thaw {
namespace {

// AMX state is large, so Linux gives it only to processes that ask (arch_prctl, since 5.16).
bool askForTiles() {
  constexpr long kArchRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kArchRequestPermission, kTileData) == 0;
}

struct Processor {
  bool avx2, avx512, bf16, amx;
};

Processor look() {
  unsigned a, b, c, d;
  Processor p{};
  __builtin_cpu_init();
  p.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  p.avx512 = p.avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (!p.avx512 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return p;
  const bool hasTiles = (d >> 24 & 1) && (d >> 22 & 1);  // AMX-TILE, AMX-BF16
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d)) p.bf16 = a >> 5 & 1;
  p.amx = p.bf16 && hasTiles && askForTiles();
  return p;
}

}  // namespace

const Kernels* pickKernels(bool bf16, const char* only) {
  static const Processor processor = look();
  const struct {
    bool can;
    const Kernels* kernels;
  } choices[] = {
      {processor.amx, &kAmx}, {processor.bf16, &kAvx512Bf16}, {processor.avx512, &kAvx512}, {processor.avx2, &kAvx2}};
  for (const auto& [can, kernels] : choices) {
    if (!can) continue;
    if (only ? strcmp(only, kernels->name) == 0 : bf16 || strcmp(kernels->precision, "fp32") == 0) return kernels;
  }
  return nullptr;
}

}  // namespace thaw
