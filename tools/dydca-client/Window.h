// Frames on the screen.
#ifndef DYDCA_CLIENT_WINDOW_H
#define DYDCA_CLIENT_WINDOW_H

#include "Sink.h"

extern "C" {
#include <libavutil/rational.h>
}

#include <memory>

namespace dydca {

/// A window that shows each frame at its time, or as soon as it is there.
/// Escape, q or closing it ends the video. Fails where SDL2 was not there when
/// the program was built, or has no screen.
std::unique_ptr<Sink> makeWindow(AVRational rate);

} // namespace dydca

#endif // DYDCA_CLIENT_WINDOW_H
