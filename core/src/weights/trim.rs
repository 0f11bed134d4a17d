//! Cutting off extreme cases (裁剪). Every line becomes a whole number of fen, so that anybody can check
//! who is beyond it.

use rayon::slice::ParallelSliceMut;

use super::plan::{Centre, Domain, Lines, Quantile, Spread, Trim, Within};
use super::ratio::Ratio;
use super::sample::{Case, LeftOut, Reason};

/// A logarithm within this distance of a line is on it. It is a billionth of the cost, far above what rounding in the
/// logarithms can do and far below any difference between two costs that a rule is meant to see.
const ON_THE_LINE: f64 = 1e-9;

/// A cost that floats still tell from its neighbour.
const FLOAT_FEN_MAX: i64 = 1 << 53;

/// The costs that stay: from, to (both stay).
type Kept = (i64, i64);

/// Applies the trims in their order. What is left stays in `cases`, in no particular order; what goes is returned.
pub fn trim(cases: &mut Vec<Case>, trims: &[Trim]) -> Vec<LeftOut> {
    let mut gone = Vec::new();
    for (number, trim) in trims.iter().enumerate() {
        let cell = |case: &Case| match trim.within {
            Within::Group => (case.group, 0),
            Within::GroupYear => (case.group, u16::from(case.year)),
            Within::GroupLevel => (case.group, case.level),
        };
        cases.par_sort_unstable_by_key(|case| (cell(case), case.cost_fen, case.row));
        let mut left = Vec::with_capacity(cases.len());
        for cell_cases in cases.chunk_by(|a, b| cell(a) == cell(b)) {
            left.extend(trim_cell(cell_cases, number, trim, &mut gone));
        }
        *cases = left;
    }
    gone
}

/// The cases of one cell that stay. They come in the order of their cost, so what goes is at the ends.
fn trim_cell<'a>(cases: &'a [Case], number: usize, trim: &Trim, gone: &mut Vec<LeftOut>) -> &'a [Case] {
    let mut rest = cases;
    for pass in 1..=trim.passes {
        if rest.len() < trim.min_cases.max(1) {
            break;
        }
        let costs: Vec<i64> = rest.iter().map(|case| case.cost_fen).collect();
        let Some((from, to)) = kept(&costs, trim.lines) else { break };
        let below = costs.partition_point(|&cost| cost < from);
        let above = costs.partition_point(|&cost| cost <= to).max(below);
        let reason = |low, line_fen| Reason::Trimmed { trim: number, pass, low, line_fen };
        gone.extend(rest[..below].iter().map(|case| LeftOut { row: case.row, reason: reason(true, from) }));
        gone.extend(rest[above..].iter().map(|case| LeftOut { row: case.row, reason: reason(false, to) }));
        rest = &rest[below..above];
        if below == 0 && above == costs.len() {
            break;
        }
    }
    rest
}

/// The costs that stay, in ascending order of costs; `None` when no line can be drawn.
fn kept(costs: &[i64], lines: Lines) -> Option<Kept> {
    match lines {
        Lines::Iqr { k_e6, domain: Domain::Cost, quantile } => {
            let [low, high] = [250_000, 750_000].map(|p| quantile_e6(costs, p, quantile));
            let reach = i128::from(k_e6) * (high - low);
            let million = 1_000_000;
            Some((ceil(low * million - reach, million * million), floor(high * million + reach, million * million)))
        }
        Lines::Iqr { k_e6, domain: Domain::Ln, quantile } => {
            let logs = logs(costs);
            let [low, high] = [250_000, 750_000].map(|p| quantile_of_logs(&logs, p, quantile));
            let reach = millionths(k_e6) * (high - low);
            Some((from_log(low - reach), to_log(high + reach)))
        }
        Lines::Percentile { low_e6, high_e6, quantile } => Some((
            ceil(quantile_e6(costs, low_e6, quantile), 1_000_000),
            floor(quantile_e6(costs, high_e6, quantile), 1_000_000),
        )),
        Lines::Multiple { low_e6, high_e6, of } => {
            let (numerator, denominator) = centre(costs, of);
            let denominator = denominator * 1_000_000;
            let from = low_e6.map_or(i64::MIN, |low| ceil(numerator * i128::from(low), denominator));
            let to = high_e6.map_or(i64::MAX, |high| floor(numerator * i128::from(high), denominator));
            Some((from, to))
        }
        Lines::Deviations { k_e6, domain: Domain::Cost, spread } => deviations(costs, k_e6, spread),
        Lines::Deviations { k_e6, domain: Domain::Ln, spread } => {
            let logs = logs(costs);
            let n = logs.len();
            let divisor = divisor(n, spread)? as f64;
            let mean = logs.iter().sum::<f64>() / n as f64;
            let variance = logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>() / divisor;
            let reach = millionths(k_e6) * variance.sqrt();
            Some((from_log(mean - reach), to_log(mean + reach)))
        }
    }
}

/// The divisor of the squares; `None` for a single case of a sample.
pub(super) fn divisor(n: usize, spread: Spread) -> Option<u64> {
    match spread {
        Spread::Population => Some(n as u64),
        Spread::Sample => (n as u64).checked_sub(1),
    }
    .filter(|&divisor| divisor > 0)
}

/// Whole costs at least `numerator ÷ denominator`.
fn ceil(numerator: i128, denominator: i128) -> i64 {
    let quotient = numerator.div_euclid(denominator) + i128::from(numerator.rem_euclid(denominator) != 0);
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

/// Whole costs at most `numerator ÷ denominator`.
fn floor(numerator: i128, denominator: i128) -> i64 {
    let quotient = numerator.div_euclid(denominator);
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

/// Mean or median as a fraction.
fn centre(costs: &[i64], of: Centre) -> (i128, i128) {
    match of {
        Centre::Mean => (costs.iter().map(|&cost| i128::from(cost)).sum(), costs.len() as i128),
        Centre::Median => {
            let [low, high] = [costs[(costs.len() - 1) / 2], costs[costs.len() / 2]];
            (i128::from(low) + i128::from(high), 2)
        }
    }
}

/// Mean ± k·SD without a root: `(n·c − S)² ≤ k²·n²·variance`, so `|n·c − S|` is at most the whole root of that.
fn deviations(costs: &[i64], k_e6: i64, spread: Spread) -> Option<Kept> {
    let n = costs.len() as i128;
    let divisor = i128::from(divisor(costs.len(), spread)?);
    let sum: i128 = costs.iter().map(|&cost| i128::from(cost)).sum();
    let squares: i128 = costs.iter().map(|&cost| i128::from(cost) * i128::from(cost)).sum();
    let k = Ratio::scaled(k_e6, 6);
    let around = &Ratio::whole(n) * &Ratio::whole(squares);
    let around = &around - &(&Ratio::whole(sum) * &Ratio::whole(sum));
    let reach = (&(&k * &k) * &(&around * &Ratio::new(n, divisor)?)).root_floor()?;
    Some((ceil(sum - reach, n), floor(sum + reach, n)))
}

/// Where a quantile stands: the case before it, and how far (in millionths) to the next.
fn place(n: usize, p_e6: i64, quantile: Quantile) -> (usize, i64) {
    let million = 1_000_000;
    let last = n as i128 - 1;
    let at = match quantile {
        Quantile::Inclusive => last * i128::from(p_e6),
        Quantile::Exclusive => ((last + 2) * i128::from(p_e6) - million).clamp(0, last * million),
        Quantile::NearestRank => ((last + 1) * i128::from(p_e6) - 1).div_euclid(million).max(0) * million,
    };
    ((at / million) as usize, (at % million) as i64)
}

/// A quantile in millionths of a fen.
fn quantile_e6(costs: &[i64], p_e6: i64, quantile: Quantile) -> i128 {
    let (at, part) = place(costs.len(), p_e6, quantile);
    let (here, next) = (i128::from(costs[at]), i128::from(costs[(at + 1).min(costs.len() - 1)]));
    here * 1_000_000 + i128::from(part) * (next - here)
}

fn quantile_of_logs(logs: &[f64], p_e6: i64, quantile: Quantile) -> f64 {
    let (at, part) = place(logs.len(), p_e6, quantile);
    let (here, next) = (logs[at], logs[(at + 1).min(logs.len() - 1)]);
    here + millionths(part) * (next - here)
}

/// Natural logarithms. The library computes them alike on every machine.
fn logs(costs: &[i64]) -> Vec<f64> {
    costs.iter().map(|&cost| log(cost)).collect()
}

fn log(cost_fen: i64) -> f64 {
    libm::log(cost_fen as f64)
}

fn millionths(units: i64) -> f64 {
    units as f64 / 1e6
}

/// The smallest cost whose logarithm is on or over the line.
fn from_log(line: f64) -> i64 {
    let line = line - ON_THE_LINE;
    let mut cost = guess(line);
    while cost > 1 && log(cost - 1) >= line {
        cost -= 1;
    }
    while cost < FLOAT_FEN_MAX && log(cost) < line {
        cost += 1;
    }
    cost
}

/// The greatest cost whose logarithm is on or under the line.
fn to_log(line: f64) -> i64 {
    let line = line + ON_THE_LINE;
    let mut cost = guess(line);
    while cost < FLOAT_FEN_MAX && log(cost + 1) <= line {
        cost += 1;
    }
    while cost > 0 && log(cost) > line {
        cost -= 1;
    }
    cost
}

fn guess(line: f64) -> i64 {
    libm::exp(line).clamp(1.0, FLOAT_FEN_MAX as f64) as i64
}
