import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '@/api/problem';
import { useFieldError } from '@/ui/form-error';

/** Whether the account asks for a code beside the password, which is no failure. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'code_needed';
}

type Props = { value: string; error: unknown; onChange: (code: string) => void };

/** The code of an app, or a recovery code. */
export function CodeField({ value, error, onChange }: Props) {
  const { t } = useTranslation('account');
  const fieldError = useFieldError(error);
  return (
    <TextInput
      label={t('field.code')}
      description={t('field.code_hint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      autoFocus
      value={value}
      error={fieldError('code')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
