//! A stream that can be made to break after a number of bytes written.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;

use crate::fault::Hit;

/// A stream that breaks at its [`BreakPoint`].
pub(crate) struct FaultyStream<S> {
    inner: TokioIo<S>,
    break_point: Arc<BreakPoint>,
}

/// Where the stream breaks, and the fault that made it.
#[derive(Debug, Default)]
pub(crate) struct BreakPoint(Mutex<Option<(u64, Hit)>>);

impl BreakPoint {
    /// The stream breaks after `bytes` more bytes.
    pub(crate) fn arm(&self, bytes: u64, hit: Hit) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((bytes, hit));
    }

    /// The stream does not break: a response may end before its break point.
    pub(crate) fn disarm(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl<S> FaultyStream<S> {
    pub(crate) fn new(inner: TokioIo<S>) -> (Self, Arc<BreakPoint>) {
        let break_point = Arc::<BreakPoint>::default();
        (Self { inner, break_point: break_point.clone() }, break_point)
    }
}

impl<S: tokio::io::AsyncRead + Unpin> Read for FaultyStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: tokio::io::AsyncWrite + Unpin> Write for FaultyStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let break_point = self.break_point.clone();
        let mut armed = break_point.0.lock().unwrap_or_else(PoisonError::into_inner);
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
