// A team of threads that run the same function side by side: no queue, no allocation, one barrier.
#pragma once

#include <atomic>

namespace thaw {

// What each thread of a team knows while it runs a function.
struct Member {
  int id;      // 0 to count - 1; 0 is the calling thread
  int count;
  std::atomic<int>* arrived;
  std::atomic<int>* round;

  // Waits until all threads of the team have come here.
  void barrier() const;

  // This thread's share of `n` things, in whole multiples of `grain`: [begin, end).
  void share(long n, long grain, long* begin, long* end) const {
    const long blocks = (n + grain - 1) / grain;
    const long from = blocks * id / count * grain;
    const long to = blocks * (id + 1) / count * grain;
    *begin = from < n ? from : n;
    *end = to < n ? to : n;
  }
};

// Sets how many threads work; 0 takes one for each processor this process may use. Not while a team runs.
void setTeamSize(int threads);
int teamSize();

// Runs `work(member, argument)` on every thread of the team and returns when all have ended.
void runTeam(void (*work)(const Member&, void*), void* argument);

// Runs it on the calling thread only, as a team of one.
void runAlone(void (*work)(const Member&, void*), void* argument);

// Less than this is done before other threads are awake.
constexpr double kTeamWork = 4e6;  // multiplications and additions

// The same with a callable object; by the calling thread alone where there is little to do. A layer that meets at every
// step passes the work between two meetings.
template <typename Work>
void inTeam(double operations, Work& work) {
  const auto call = [](const Member& member, void* argument) { (*static_cast<Work*>(argument))(member); };
  if (operations < kTeamWork) runAlone(call, &work);
  else runTeam(call, &work);
}

// Memory that is kept from call to call, since fresh pages cost more than the work on them; `slot` names the use.
// Grows, never shrinks; aligned to 64 bytes. Only one operation runs at a time (see ops.cc).
void* scratch(int slot, unsigned long bytes);

}  // namespace thaw
