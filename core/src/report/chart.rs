//! Charts for a page, as plain SVG: nothing is fetched to draw them. A picture is as wide as its longest words, so that
//! none is cut off. Figures become binary fractions only as lengths on the page.

use std::fmt::Write as _;

use super::html::escaped;
use crate::table::cell::{decimal, group_thousands, trimmed};

/// A picture of some figures.
#[derive(Clone, Debug)]
pub struct Chart {
    pub title: String,
    pub kind: Picture,
}

/// How figures are drawn. Amounts are in units of `10^-digits`.
#[derive(Clone, Debug)]
pub enum Picture {
    /// A bar a row, to the right of zero or to the left of it.
    Bars(Vec<(String, i64)>),
    /// A waterfall in fen: from one amount to another, step by step.
    Steps(Vec<Step>),
    /// A line a name, over the same places.
    Lines { places: Vec<String>, lines: Vec<(String, Vec<Option<i128>>)>, digits: u8 },
}

/// A bar of a waterfall: of a sum the whole, else what is added or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub from: i64,
    pub to: i64,
    pub is_total: bool,
}

const TEXT: f64 = 13.0;
const ROW: f64 = 28.0;
const PLOT: f64 = 460.0;
const GAP: f64 = 12.0;
const BLUE: &str = "#4c78a8";
const GREEN: &str = "#2b8a5a";
const RED: &str = "#c0392b";
const HUES: [&str; 6] = [BLUE, "#e0862f", GREEN, "#8a5fa8", RED, "#6b6b6b"];

impl Chart {
    /// The picture as an `svg` element, without its title.
    #[must_use]
    pub fn svg(&self) -> String {
        match &self.kind {
            Picture::Bars(rows) => {
                let bars = rows.iter().map(|(label, amount)| {
                    let color = if *amount < 0 { RED } else { BLUE };
                    Bar { label, from: 0, to: *amount, color, value: money(*amount) }
                });
                self.bars(&bars.collect::<Vec<_>>())
            }
            Picture::Steps(steps) => {
                let bars = steps.iter().map(|step| {
                    let change = step.to.saturating_sub(step.from);
                    let color = match (step.is_total, change < 0) {
                        (true, _) => BLUE,
                        (false, true) => RED,
                        (false, false) => GREEN,
                    };
                    let sign = if !step.is_total && change > 0 { "+" } else { "" };
                    let value = format!("{sign}{}", money(change));
                    Bar { label: &step.label, from: step.from, to: step.to, color, value }
                });
                self.bars(&bars.collect::<Vec<_>>())
            }
            Picture::Lines { places, lines, digits } => self.lines(places, lines, *digits),
        }
    }

    /// Labels on the left, bars in the middle, figures on the right.
    fn bars(&self, bars: &[Bar<'_>]) -> String {
        let left = bars.iter().map(|bar| width(bar.label)).fold(0.0, f64::max) + GAP;
        let right = bars.iter().map(|bar| width(&bar.value)).fold(0.0, f64::max) + GAP;
        let ends = bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let (low, high) = ends.fold((0, 0), |(low, high), end| (end.min(low), end.max(high)));
        let scale = PLOT / (length(high) - length(low)).max(1.0);
        let x = |amount: i64| left + (length(amount) - length(low)) * scale;
        let height = ROW * bars.len() as f64;
        let mut body = String::new();
        for (at, bar) in (0u32..).zip(bars) {
            let top = f64::from(at) * ROW;
            let (from, to) = (x(bar.from.min(bar.to)), x(bar.from.max(bar.to)));
            let line = top + ROW * 0.66;
            let (label, value, color) = (escaped(bar.label), escaped(&bar.value), bar.color);
            let _ = write!(body, r#"<text x="{:.1}" y="{line:.1}" text-anchor="end">{label}</text>"#, left - GAP / 2.0);
            let _ = write!(
                body,
                r#"<rect x="{from:.1}" y="{:.1}" width="{:.1}" height="{:.1}" fill="{color}"/>"#,
                top + 4.0,
                if bar.from == bar.to { 0.0 } else { (to - from).max(1.0) },
                ROW - 8.0
            );
            let _ = write!(
                body,
                r#"<text x="{:.1}" y="{line:.1}" text-anchor="end" class="n">{value}</text>"#,
                left + PLOT + right
            );
        }
        let zero = x(0);
        let _ = write!(body, r#"<line x1="{zero:.1}" y1="0" x2="{zero:.1}" y2="{height:.1}" class="axis"/>"#);
        self.framed(left + PLOT + right, height, &body)
    }

    /// Lines over places, a legend above, the scale on the left.
    fn lines(&self, places: &[String], lines: &[(String, Vec<Option<i128>>)], digits: u8) -> String {
        let known = || lines.iter().flat_map(|(_, values)| values.iter().flatten().copied());
        let (Some(low), Some(high)) = (known().min(), known().max()) else { return String::new() };
        let ticks = ticks(low, high);
        let (bottom, top) = (ticks[0], ticks[ticks.len() - 1]);
        let shown: Vec<String> = ticks.iter().map(|tick| group_thousands(trimmed(&decimal(*tick, digits)))).collect();
        let left = shown.iter().map(|text| width(text)).fold(0.0, f64::max) + GAP;
        let widest = places.iter().map(|place| width(place)).fold(0.0, f64::max);
        let stride = (widest + GAP).max(PLOT / places.len().max(1) as f64);
        let x = |at: usize| left + stride * (at as f64 + 0.5);
        let (head, tall) = (ROW + 8.0, 220.0);
        let y = |units: i128| head + tall * (1.0 - wide(units - bottom) / wide(top - bottom).max(1.0));
        let mut body = String::new();
        let end = left + stride * places.len() as f64;
        for (tick, text) in ticks.iter().zip(&shown) {
            let at = y(*tick);
            let _ = write!(body, r#"<line x1="{left:.1}" y1="{at:.1}" x2="{end:.1}" y2="{at:.1}" class="grid"/>"#);
            let (x, y) = (left - GAP / 2.0, at + TEXT * 0.35);
            let _ = write!(body, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="end" class="n">{text}</text>"#);
        }
        for (at, place) in places.iter().enumerate() {
            let (x, y) = (x(at), head + tall + TEXT * 1.6);
            let _ = write!(body, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle">{}</text>"#, escaped(place));
        }
        let mut legend = left;
        for ((name, values), color) in lines.iter().zip(HUES.iter().cycle()) {
            let points: Vec<(f64, f64)> =
                values.iter().enumerate().filter_map(|(at, units)| Some((x(at), y((*units)?)))).collect();
            let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = write!(body, r#"<polyline points="{}" stroke="{color}" class="line"/>"#, path.join(" "));
            for (x, y) in points {
                let _ = write!(body, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{color}"/>"#);
            }
            let _ = write!(body, r#"<rect x="{legend:.1}" y="6" width="11" height="11" fill="{color}"/>"#);
            let _ = write!(body, r#"<text x="{:.1}" y="16">{}</text>"#, legend + 16.0, escaped(name));
            legend += width(name) + 16.0 + 2.0 * GAP;
        }
        self.framed(end.max(legend) + GAP, head + tall + TEXT * 2.4, &body)
    }

    fn framed(&self, wide: f64, high: f64, body: &str) -> String {
        let (wide, high, title) = ((wide + GAP).ceil(), (high + GAP).ceil(), escaped(&self.title));
        let size = format!(r#"viewBox="0 0 {wide} {high}" width="{wide}" height="{high}""#);
        format!(r#"<svg {size} role="img" aria-label="{title}">{body}</svg>"#)
    }
}

struct Bar<'a> {
    label: &'a str,
    from: i64,
    to: i64,
    color: &'static str,
    value: String,
}

fn money(fen: i64) -> String {
    group_thousands(&decimal(fen.into(), 2))
}

fn length(units: i64) -> f64 {
    units as f64
}

fn wide(units: i128) -> f64 {
    units as f64
}

/// No narrower than the text is drawn: a Chinese character is as wide as it is tall, the widest Latin one nearly so.
fn width(text: &str) -> f64 {
    let em = |letter: char| match letter {
        '\u{2e80}'.. => 1.0,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
        'A'..='Z' => 0.75,
        _ => 0.6,
    };
    text.chars().map(em).sum::<f64>() * TEXT
}

/// Three to six round figures that hold both ends between them.
fn ticks(low: i128, high: i128) -> Vec<i128> {
    let span = (high - low).max(1);
    let steps = (0..30).flat_map(|power| [1, 2, 5].map(|first| first * 10i128.pow(power)));
    let step = steps.into_iter().find(|step| step * 5 >= span).unwrap_or(span);
    let first = low.div_euclid(step);
    let last = high.div_euclid(step) + i128::from(high.rem_euclid(step) > 0);
    (first..=last.max(first + 1)).map(|at| at * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_ends() {
        assert_eq!(ticks(0, 0), [0, 1]);
        assert_eq!(ticks(981_234, 1_012_000), [980_000, 990_000, 1_000_000, 1_010_000, 1_020_000]);
        assert_eq!(ticks(-7, 12), [-10, -5, 0, 5, 10, 15]);
    }

    #[test]
    fn bars_begin_at_zero_and_labels_fit() {
        let rows = vec![("县人民医院".to_owned(), 20_000), ("乡<卫>".to_owned(), -10_000)];
        let svg = Chart { title: "结余".to_owned(), kind: Picture::Bars(rows) }.svg();
        assert!(svg.contains("乡&lt;卫&gt;") && svg.contains(">-100.00<") && svg.contains(RED));
        // Five characters of 13 and a gap of 12: zero lies a third of 460 to the right of it.
        assert!(svg.contains(&format!(
            r#"<rect x="{:.1}" y="4.0" width="{:.1}""#,
            77.0 + 460.0 / 3.0,
            460.0 * 2.0 / 3.0
        )));
    }

    #[test]
    fn a_waterfall_tells_what_is_added_and_taken() {
        let step = |label: &str, from, to, is_total| Step { label: label.to_owned(), from, to, is_total };
        let steps = vec![step("a", 0, 500, true), step("b", 500, 200, false), step("c", 200, 250, false)];
        let svg = Chart { title: "t".to_owned(), kind: Picture::Steps(steps) }.svg();
        assert!(svg.contains(">5.00<") && svg.contains(">-3.00<") && svg.contains(">+0.50<"));
    }

    #[test]
    fn lines_leave_out_what_is_not_known() {
        let places = vec!["2026-01".to_owned(), "2026-02".to_owned(), "2026-03".to_owned()];
        let lines = vec![("职工".to_owned(), vec![Some(10_000), None, Some(10_200)])];
        let svg = Chart { title: "点值".to_owned(), kind: Picture::Lines { places, lines, digits: 2 } }.svg();
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains(">100.50<") && svg.contains("2026-02") && svg.contains("职工"));
    }
}
