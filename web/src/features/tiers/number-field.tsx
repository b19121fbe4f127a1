import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { currencyDigits } from '@/lib/format';
import styles from './tiers.module.css';

type Props = {
  label: string;
  hint?: string;
  unit?: string;
  /** The figure on the wire; null for none. */
  value: number | null;
  /** Digits after the decimal mark that people type but the wire does not have. */
  digits?: number;
  placeholder?: string;
  error?: string | undefined;
  onChange: (value: number | null) => void;
};

/** Typed text as an integer of the smallest unit; null when it is no number. */
function parse(text: string, digits: number): number | null {
  const value = Number(text.replace(/[,\s]/g, ''));
  return text.trim() === '' || !Number.isFinite(value) ? null : Math.round(value * 10 ** digits);
}

function show(value: number | null, digits: number): string {
  if (value === null) return '';
  const major = value / 10 ** digits;
  return Number.isInteger(major) ? String(major) : major.toFixed(digits);
}

/** A whole number, or an amount of money held in minor units. */
export function NumberField(props: Props) {
  const { value, digits = 0, unit, onChange } = props;
  const [text, setText] = useState(show(value, digits));
  const shown = parse(text, digits) === value ? text : show(value, digits);
  return (
    <TextInput
      label={props.label}
      description={props.hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      inputMode={digits > 0 ? 'decimal' : 'numeric'}
      value={shown}
      placeholder={props.placeholder}
      error={props.error}
      rightSection={unit && <span className={styles.unit}>{unit}</span>}
      rightSectionWidth={unit ? 64 : undefined}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        onChange(parse(next, digits));
      }}
    />
  );
}

type MoneyProps = Omit<Props, 'digits' | 'unit'> & { currency: string };

/** An amount in a currency. */
export function MoneyField({ currency, ...props }: MoneyProps) {
  return <NumberField {...props} unit={currency} digits={currencyDigits(currency)} />;
}
