#include "Window.h"

#include "Failure.h"

#ifdef DYDCA_HAS_SDL2
#include <SDL.h>
#include <chrono>
#include <thread>
#endif

namespace dydca {

#ifdef DYDCA_HAS_SDL2
namespace {

using Clock = std::chrono::steady_clock;

class Window final : public Sink {
public:
  explicit Window(AVRational rate)
      : period(std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(double(rate.den) / rate.num))) {
    need(SDL_Init(SDL_INIT_VIDEO) == 0);
  }

  ~Window() override {
    SDL_DestroyTexture(texture);
    SDL_DestroyRenderer(renderer);
    SDL_DestroyWindow(window);
    SDL_Quit();
  }

  bool write(const Frame &frame) override {
    if (!window)
      open(frame);
    uint8_t *row = nullptr;
    int pitch = 0;
    need(SDL_LockTexture(texture, nullptr, reinterpret_cast<void **>(&row),
                         &pitch) == 0);
    for (int64_t y = 0; y < frame.height; ++y, row += pitch)
      for (int64_t x = 0; x < frame.width; ++x)
        for (int c = 0; c < 3; ++c)
          row[3 * x + c] = frame.plane(c)[y * frame.width + x];
    SDL_UnlockTexture(texture);
    std::this_thread::sleep_until(due);
    // A frame that came late puts off all that follow.
    due = std::max(due, Clock::now()) + period;
    need(SDL_RenderCopy(renderer, texture, nullptr, nullptr) == 0);
    SDL_RenderPresent(renderer);
    return !isEnded();
  }

  void finish() override {}

private:
  static void need(bool holds) {
    if (!holds)
      throw Failure(std::string("no window: ") + SDL_GetError());
  }

  void open(const Frame &frame) {
    int w = int(frame.width), h = int(frame.height);
    window =
        SDL_CreateWindow("dydca", SDL_WINDOWPOS_CENTERED,
                         SDL_WINDOWPOS_CENTERED, w, h, SDL_WINDOW_RESIZABLE);
    need(window);
    renderer = SDL_CreateRenderer(window, -1, 0);
    need(renderer);
    need(SDL_RenderSetLogicalSize(renderer, w, h) == 0);
    texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_RGB24,
                                SDL_TEXTUREACCESS_STREAMING, w, h);
    need(texture);
    due = Clock::now();
  }

  static bool isEnded() {
    bool ended = false;
    for (SDL_Event event; SDL_PollEvent(&event);) {
      ended |= event.type == SDL_QUIT;
      ended |=
          event.type == SDL_KEYDOWN && (event.key.keysym.sym == SDLK_ESCAPE ||
                                        event.key.keysym.sym == SDLK_q);
    }
    return ended;
  }

  Clock::duration period;
  Clock::time_point due;
  SDL_Window *window = nullptr;
  SDL_Renderer *renderer = nullptr;
  SDL_Texture *texture = nullptr;
};

} // namespace

std::unique_ptr<Sink> makeWindow(AVRational rate) {
  return std::make_unique<Window>(rate);
}
#else
std::unique_ptr<Sink> makeWindow(AVRational) {
  throw Failure("no window: this program was built without SDL2");
}
#endif

} // namespace dydca
