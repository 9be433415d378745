//! A stream that can be made to break after so many bytes written.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;

use crate::fault::Hit;

/// A stream under a [`Cut`].
pub(crate) struct Tap<S> {
    inner: TokioIo<S>,
    cut: Arc<Cut>,
}

/// Where the stream is to break.
#[derive(Debug, Default)]
pub(crate) struct Cut(Mutex<Option<(u64, Hit)>>);

impl Cut {
    /// From now on so many bytes are written, then the stream breaks.
    pub(crate) fn arm(&self, bytes: u64, hit: Hit) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((bytes, hit));
    }

    /// The stream is whole again: an answer was shorter than its cut.
    pub(crate) fn disarm(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl<S> Tap<S> {
    pub(crate) fn new(inner: TokioIo<S>) -> (Self, Arc<Cut>) {
        let cut = Arc::<Cut>::default();
        (Self { inner, cut: cut.clone() }, cut)
    }
}

impl<S: tokio::io::AsyncRead + Unpin> Read for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: tokio::io::AsyncWrite + Unpin> Write for Tap<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let cut = self.cut.clone();
        let mut armed = cut.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((left, hit)) = armed.as_mut() else {
            return Pin::new(&mut self.inner).poll_write(context, bytes);
        };
        if *left == 0 && !bytes.is_empty() {
            hit.fired();
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let most = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
        let part = bytes.get(..most).unwrap_or(bytes);
        let written = Pin::new(&mut self.inner).poll_write(context, part);
        if let Poll::Ready(Ok(count)) = written {
            *left = left.saturating_sub(count as u64);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
