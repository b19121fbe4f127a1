import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currencyDigits } from '@/lib/format';
import { readNumber, showNumber, UNREAD } from './number-text';
import styles from './tiers.module.css';

type Props = {
  label: string;
  hint?: string;
  unit?: string;
  /** The figure on the wire; null for none, `UNREAD` while the typed text is no such figure. */
  value: number | null;
  /** Digits after the decimal mark that people type but the wire does not have. */
  digits?: number;
  placeholder?: string;
  error?: string | undefined;
  onChange: (value: number | null) => void;
};

/** A whole number, or an amount of money held in minor units. */
export function NumberField(props: Props) {
  const { value, digits = 0, unit, onChange } = props;
  const { t } = useTranslation('tiers');
  const [text, setText] = useState(showNumber(value, digits));
  const read = readNumber(text, digits);
  const problem = typeof read === 'string' && Number.isNaN(value) ? read : undefined;
  const shown = problem || read === value ? text : showNumber(value, digits);
  return (
    <TextInput
      label={props.label}
      description={props.hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      inputMode={digits > 0 ? 'decimal' : 'numeric'}
      value={shown}
      placeholder={props.placeholder}
      error={problem ? t(`number.${problem}`, { digits }) : props.error}
      data-unread={problem}
      rightSection={unit && <span className={styles.unit}>{unit}</span>}
      rightSectionWidth={unit ? 64 : undefined}
      onChange={(event) => {
        const next = event.currentTarget.value;
        const figure = readNumber(next, digits);
        setText(next);
        onChange(typeof figure === 'string' ? UNREAD : figure);
      }}
    />
  );
}

type MoneyProps = Omit<Props, 'digits' | 'unit'> & { currency: string };

/** An amount in a currency. */
export function MoneyField({ currency, ...props }: MoneyProps) {
  return <NumberField {...props} unit={currency} digits={currencyDigits(currency)} />;
}
