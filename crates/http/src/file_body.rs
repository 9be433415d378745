//! A part of a file as a request's body, read as it is sent.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Bytes that are read at a time: large enough to be quick, small enough for eight at once.
const PIECE: usize = 128 << 10;

/// A body that never holds more than one piece. Reads block: a piece from a local disk takes less
/// time than handing the work to another thread.
pub(crate) struct FileBody {
    file: File,
    left: u64,
    sent: Arc<AtomicU64>,
}

impl FileBody {
    /// `length` bytes of `path` from `offset`. Bytes handed on are added to `sent`.
    pub(crate) fn open(
        path: &Path,
        offset: u64,
        length: u64,
        sent: Arc<AtomicU64>,
    ) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file, left: length, sent })
    }

    fn piece(&mut self) -> io::Result<Bytes> {
        let want = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; want];
        self.file.read_exact(&mut piece)?;
        self.left -= want as u64;
        self.sent.fetch_add(want as u64, Ordering::Relaxed);
        Ok(piece.into())
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(self.piece().map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
