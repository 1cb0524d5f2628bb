// One pass of the radix sort works on 4 bits: 16 digits, counted for each invocation in a column of its own. A word holds the
// counts of digits d and d + 8, so that 8 rows of 256 columns are enough.
const uint DIGITS = 16;
const uint ROWS = 8;
const uint PER_THREAD = 8;
const uint BLOCK = 256 * PER_THREAD;

shared uint columns[ROWS * 256 + ROWS * 8];

uint padded(uint i) {
    return i + (i >> 5);
}

uint column(uint digit) {
    return padded((digit & 7) * 256 + gl_LocalInvocationIndex);
}

uint halfShift(uint digit) {
    return (digit >> 3) * 16;
}

void clearColumns() {
    for (uint row = 0; row < ROWS; row++) {
        columns[column(row)] = 0;
    }
}

// Counts a digit; how often the invocation had it before.
uint countDigit(uint digit) {
    uint word = columns[column(digit)];
    columns[column(digit)] = word + (1u << halfShift(digit));
    return (word >> halfShift(digit)) & 0xffff;
}
