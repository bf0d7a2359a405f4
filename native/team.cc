#include "team.h"

#include <immintrin.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace thaw {
namespace {

// A waiting thread spins this often, some tens of microseconds, before it lets others have the processor: who is late
// then is not computing but was put aside, for as long as a time slice.
constexpr int kSpins = 2000;

void rest() {
  const timespec time{0, 20'000};
  nanosleep(&time, nullptr);
}

constexpr int kSlots = 16;

struct Pool {
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::thread> threads;
  std::atomic<long> job{0};
  std::atomic<int> running{0};
  std::atomic<int> arrived{0};
  std::atomic<int> round{0};
  std::atomic<bool> stop{false};
  void (*work)(const Member&, void*) = nullptr;
  void* argument = nullptr;
  int size = 1;
  pid_t owner = 0;
};

// Never destroyed: its threads may outlive static destruction.
Pool& pool() {
  static Pool* const instance = new Pool();
  return *instance;
}

// Denormal numbers cost hundreds of cycles each and mean nothing here.
void flushDenormals() {
  _mm_setcsr(_mm_getcsr() | 0x8040);
}

void threadLoop(int id) {
  Pool& p = pool();
  flushDenormals();
  long seen = 0;
  for (;;) {
    int spins = 0;
    while (p.job.load(std::memory_order_acquire) == seen && !p.stop.load(std::memory_order_relaxed)) {
      if (++spins < kSpins) {
        _mm_pause();
        continue;
      }
      std::unique_lock<std::mutex> lock(p.mutex);
      p.wake.wait(lock, [&] { return p.job.load(std::memory_order_acquire) != seen || p.stop.load(); });
    }
    if (p.stop.load()) return;
    seen = p.job.load(std::memory_order_acquire);
    p.work(Member{id, p.size, &p.arrived, &p.round}, p.argument);
    p.running.fetch_sub(1, std::memory_order_release);
  }
}

int processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace

void Member::barrier() const {
  if (count == 1) return;
  const int mine = round->load(std::memory_order_acquire);
  if (arrived->fetch_add(1, std::memory_order_acq_rel) == count - 1) {
    arrived->store(0, std::memory_order_relaxed);
    round->fetch_add(1, std::memory_order_release);
    return;
  }
  for (int spins = 0; round->load(std::memory_order_acquire) == mine; spins++) {
    if (spins < kSpins) _mm_pause();
    else rest();
  }
}

void setTeamSize(int threads) {
  Pool& p = pool();
  const int size = threads > 0 ? threads : processors();
  if (p.owner == getpid() && size == p.size) return;
  {
    std::lock_guard<std::mutex> lock(p.mutex);
    p.stop = true;
  }
  p.wake.notify_all();
  for (std::thread& thread : p.threads) thread.join();
  p.threads.clear();
  p.stop = false;
  p.job = 0;
  p.size = size;
  p.owner = getpid();
  for (int id = 1; id < size; id++) p.threads.emplace_back(threadLoop, id);
}

int teamSize() {
  return pool().size;
}

void runTeam(void (*work)(const Member&, void*), void* argument) {
  Pool& p = pool();
  const unsigned csr = _mm_getcsr();
  flushDenormals();
  p.work = work;
  p.argument = argument;
  p.running.store(p.size - 1, std::memory_order_relaxed);
  if (p.size > 1) {
    {
      // Under the lock, so that a thread on its way to sleep does not miss it.
      std::lock_guard<std::mutex> lock(p.mutex);
      p.job.fetch_add(1, std::memory_order_release);
    }
    p.wake.notify_all();
  }
  work(Member{0, p.size, &p.arrived, &p.round}, argument);
  for (int spins = 0; p.running.load(std::memory_order_acquire) != 0; spins++) {
    if (spins < kSpins) _mm_pause();
    else rest();
  }
  _mm_setcsr(csr);
}

void runAlone(void (*work)(const Member&, void*), void* argument) {
  Pool& p = pool();
  const unsigned csr = _mm_getcsr();
  flushDenormals();
  work(Member{0, 1, &p.arrived, &p.round}, argument);
  _mm_setcsr(csr);
}

void* scratch(int slot, unsigned long bytes) {
  static void* memory[kSlots] = {};
  static unsigned long sizes[kSlots] = {};
  if (sizes[slot] < bytes) {
    free(memory[slot]);
    memory[slot] = nullptr;
    sizes[slot] = 0;
    const unsigned long rounded = (bytes + 4095) / 4096 * 4096;
    if (posix_memalign(&memory[slot], 64, rounded) != 0) throw std::bad_alloc();
    sizes[slot] = rounded;
  }
  return memory[slot];
}

}  // namespace thaw
