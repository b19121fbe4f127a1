import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFieldError } from '@/ui/form-error';

type Props = {
  value: string;
  error: unknown;
  onChange: (password: string) => void;
  /** Whether it is one to be chosen. */
  fresh?: boolean;
};

/** The password of whoever is signed in: the one they have, or the next. */
export function OwnPassword({ value, error, onChange, fresh }: Props) {
  const { t } = useTranslation('settings');
  const fieldError = useFieldError(error);
  return (
    <PasswordInput
      label={t(fresh ? 'own.new_password' : 'own.your_password')}
      description={fresh && t('account:field.password_hint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete={fresh ? 'new-password' : 'current-password'}
      required
      withAsterisk={false}
      data-autofocus={fresh ? undefined : true}
      value={value}
      error={fieldError(fresh ? 'new_password' : 'password')}
      visibilityToggleButtonProps={{ 'aria-label': t('account:field.show_password') }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
