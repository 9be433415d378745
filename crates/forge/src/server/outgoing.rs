//! An answer's body on its way out: at once, or in pieces with pauses between them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Between two pieces: long enough for the network to send each one by itself.
const PAUSE: Duration = Duration::from_millis(1);

/// How many blanks of padding are sent at a time.
const BLANKS: &[u8] = &[b' '; 16 * 1024];

/// The body.
pub(crate) struct Outgoing {
    pieces: VecDeque<Bytes>,
    padding: u64,
    pause: Option<Pin<Box<Sleep>>>,
    slow: bool,
}

impl Outgoing {
    /// All of it at once.
    pub(crate) fn whole(body: Bytes) -> Self {
        let pieces = if body.is_empty() { VecDeque::new() } else { VecDeque::from([body]) };
        Self { pieces, padding: 0, pause: None, slow: false }
    }

    /// In pieces of so many bytes, with a pause before each.
    pub(crate) fn slow(mut body: Bytes, piece: usize) -> Self {
        let mut pieces = VecDeque::new();
        while !body.is_empty() {
            pieces.push_back(body.split_to(piece.clamp(1, body.len())));
        }
        Self { pieces, padding: 0, pause: None, slow: true }
    }

    /// With so many blanks after it.
    pub(crate) fn padded(body: Bytes, padding: u64) -> Self {
        Self { padding, ..Self::whole(body) }
    }
}

impl Body for Outgoing {
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
        let most = usize::try_from(self.padding).unwrap_or(usize::MAX).min(BLANKS.len());
        if most == 0 {
            return Poll::Ready(None);
        }
        self.padding -= most as u64;
        let blanks = BLANKS.get(..most).unwrap_or(BLANKS);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(blanks)))))
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
