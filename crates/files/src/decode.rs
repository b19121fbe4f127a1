use std::io::Read;

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Turns bytes of any encoding into UTF-8 while they stream.
pub struct Utf8Reader {
    raw: Box<dyn Read + Send>,
    decoder: Decoder,
    input: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    finished: bool,
    malformed: u64,
}

impl Utf8Reader {
    pub fn new(raw: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        Self {
            raw,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 64 << 10],
            from: 0,
            to: 0,
            ended: false,
            finished: false,
            malformed: 0,
        }
    }

    pub const fn malformed(&self) -> u64 {
        self.malformed
    }

    /// Appends some text to the buffer; false at the end.
    pub fn append(&mut self, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
        if self.finished {
            return Ok(false);
        }
        let before = buffer.len();
        while buffer.len() == before && !self.finished {
            if self.from == self.to && !self.ended {
                self.from = 0;
                self.to = self.raw.read(&mut self.input)?;
                self.ended = self.to == 0;
            }
            self.decode(buffer);
        }
        Ok(buffer.len() > before)
    }

    fn decode(&mut self, buffer: &mut Vec<u8>) {
        let source = &self.input[self.from..self.to];
        let room = self
            .decoder
            .max_utf8_buffer_length(source.len())
            .unwrap_or(source.len() * 3 + 16);
        let start = buffer.len();
        buffer.resize(start + room, 0);
        let (result, read, written, bad) =
            self.decoder
                .decode_to_utf8(source, &mut buffer[start..], self.ended);
        buffer.truncate(start + written);
        self.from += read;
        self.malformed += u64::from(bad);
        if self.ended && matches!(result, CoderResult::InputEmpty) {
            self.finished = true;
        }
    }
}
