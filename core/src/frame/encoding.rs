//! CSV text as UTF-8, whatever it is stored in: UTF-8, UTF-8 with a byte order mark, or GBK (read as GB18030).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, GB18030};

const CHUNK_BYTES: usize = 1 << 16;

/// The encoding of a whole text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Gb18030,
}

/// Bytes that are text in no known encoding, at this offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadByte(pub u64);

/// Reads the whole file once: UTF-8 when all of it is, else GB18030 when all of it is. A file that goes bad after
/// Chinese text in UTF-8, or that has the mark of UTF-8, is damaged UTF-8 and would be nonsense as GB18030.
pub(super) fn detect(file: &mut File) -> io::Result<Result<Encoding, BadByte>> {
    let answer = match first_bad_utf8(file)? {
        None => Ok(Encoding::Utf8),
        Some((at, true)) => Err(BadByte(at)),
        Some((_, false)) => first_bad_gb18030(file)?.map_or(Ok(Encoding::Gb18030), |at| Err(BadByte(at))),
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(answer)
}

/// The place of the first byte that is not UTF-8, and whether what stands before it shows that UTF-8 was meant: two
/// characters of three bytes, which text in GBK almost never looks like.
fn first_bad_utf8(file: &mut File) -> io::Result<Option<(u64, bool)>> {
    let wide = |text: &[u8]| text.iter().filter(|&&b| (0xE0..0xF0).contains(&b)).take(2).count();
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = vec![0; CHUNK_BYTES];
    let (mut kept, mut offset, mut wide_seen) = (0, 0u64, 0);
    loop {
        let read = file.read(&mut bytes[kept..])?;
        let filled = kept + read;
        match std::str::from_utf8(&bytes[..filled]) {
            Ok(_) if read == 0 => return Ok(None),
            Ok(_) => {
                wide_seen += wide(&bytes[..filled]);
                offset += filled as u64;
                kept = 0;
            }
            Err(error) => {
                let good = error.valid_up_to();
                wide_seen += wide(&bytes[..good]);
                if error.error_len().is_some() || read == 0 {
                    return Ok(Some((offset + good as u64, wide_seen >= 2)));
                }
                bytes.copy_within(good..filled, 0);
                offset += good as u64;
                kept = filled - good;
            }
        }
    }
}

fn first_bad_gb18030(file: &mut File) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(0))?;
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let (mut bytes, mut text) = (vec![0; CHUNK_BYTES], vec![0; CHUNK_BYTES * 3]);
    let mut offset = 0u64;
    loop {
        let read = file.read(&mut bytes)?;
        let mut at = 0;
        loop {
            let (result, used, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..read], &mut text, read == 0);
            at += used;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    return Ok(Some((offset + at as u64).saturating_sub(u64::from(length) + u64::from(after))));
                }
            }
        }
        if read == 0 {
            return Ok(None);
        }
        offset += read as u64;
    }
}

/// A reader of UTF-8 text without byte order mark over a file in a known encoding.
pub(super) struct Utf8Reader {
    file: File,
    recoding: Option<Recoding>,
}

struct Recoding {
    decoder: Decoder,
    bytes: Vec<u8>,
    /// Decoded text, of which `given..filled` is still to be read.
    text: Vec<u8>,
    given: usize,
    filled: usize,
}

impl Utf8Reader {
    pub(super) fn new(mut file: File, encoding: Encoding) -> io::Result<Utf8Reader> {
        let mut mark = [0; 3];
        let has_mark = encoding == Encoding::Utf8 && file.read(&mut mark)? == 3 && mark == *b"\xEF\xBB\xBF";
        if !has_mark {
            file.seek(SeekFrom::Start(0))?;
        }
        let recoding = (encoding == Encoding::Gb18030).then(|| Recoding {
            decoder: GB18030.new_decoder_without_bom_handling(),
            bytes: vec![0; CHUNK_BYTES],
            text: vec![0; CHUNK_BYTES * 3 + 16],
            given: 0,
            filled: 0,
        });
        Ok(Utf8Reader { file, recoding })
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(Recoding { decoder, bytes, text, given, filled }) = &mut self.recoding else {
            return self.file.read(out);
        };
        while given == filled {
            let read = self.file.read(bytes)?;
            // A text of three bytes a byte and some more always has room for what a chunk decodes to.
            let (_, _, written, _) = decoder.decode_to_utf8(&bytes[..read], text, read == 0);
            (*given, *filled) = (0, written);
            if read == 0 {
                break;
            }
        }
        let count = out.len().min(*filled - *given);
        out[..count].copy_from_slice(&text[*given..*given + count]);
        *given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn text(bytes: &[u8]) -> Result<String, BadByte> {
        let mut file = file(bytes);
        let encoding = detect(&mut file).unwrap()?;
        let mut text = String::new();
        Utf8Reader::new(file, encoding).unwrap().read_to_string(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn reads_what_officials_save() {
        let sentence = "医保,结算清单\n".repeat(20_000);
        let (gbk, _, _) = encoding_rs::GBK.encode(&sentence);
        assert_eq!(text(sentence.as_bytes()).as_deref(), Ok(sentence.as_str()));
        assert_eq!(text(&[b"\xEF\xBB\xBF", sentence.as_bytes()].concat()).as_deref(), Ok(sentence.as_str()));
        assert_eq!(text(&gbk).as_deref(), Ok(sentence.as_str()));
        assert_eq!(text(b"").as_deref(), Ok(""));
    }

    #[test]
    fn names_the_byte_that_is_no_text() {
        assert_eq!(text(b"abc\xFF\xFFdef"), Err(BadByte(3)));
        let cut = "医".repeat(50_000);
        assert_eq!(text(&cut.as_bytes()[..cut.len() - 1]), Err(BadByte(149_997)), "damaged UTF-8, not GBK");
    }
}
