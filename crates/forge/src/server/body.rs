//! The body of a response: sent at once, or in pieces with pauses between them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The pause between two pieces: long enough for each one to be sent by itself.
const PAUSE: Duration = Duration::from_millis(1);

/// The padding that is sent at a time.
const SPACES: &[u8] = &[b' '; 16 * 1024];

/// The body of a response.
pub(crate) struct ResponseBody {
    pieces: VecDeque<Bytes>,
    padding: u64,
    pause: Option<Pin<Box<Sleep>>>,
    slow: bool,
}

impl ResponseBody {
    /// All of it at once.
    pub(crate) fn whole(body: Bytes) -> Self {
        let pieces = if body.is_empty() { VecDeque::new() } else { VecDeque::from([body]) };
        Self { pieces, padding: 0, pause: None, slow: false }
    }

    /// In pieces of `piece` bytes, with a pause before each one.
    pub(crate) fn slow(mut body: Bytes, piece: usize) -> Self {
        let mut pieces = VecDeque::new();
        while !body.is_empty() {
            pieces.push_back(body.split_to(piece.clamp(1, body.len())));
        }
        Self { pieces, padding: 0, pause: None, slow: true }
    }

    /// Followed by `padding` spaces.
    pub(crate) fn padded(body: Bytes, padding: u64) -> Self {
        Self { padding, ..Self::whole(body) }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.slow && !self.pieces.is_empty() {
            let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let most = usize::try_from(self.padding).unwrap_or(usize::MAX).min(SPACES.len());
        if most == 0 {
            return Poll::Ready(None);
        }
        self.padding -= most as u64;
        let spaces = SPACES.get(..most).unwrap_or(SPACES);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(spaces)))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.padding == 0
    }

    fn size_hint(&self) -> SizeHint {
        if self.padding > 0 {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.pieces.iter().map(|piece| piece.len() as u64).sum())
    }
}
