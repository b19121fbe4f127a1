import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '@/ui/dialog-form';
import { showDone } from '@/ui/undo-toast';
import { useChangePassword } from './api';
import { OwnPassword } from './own-password';
import styles from './settings.module.css';

/** Changes one's own password. */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const change = useChangePassword();
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');

  function submit() {
    const body = { password, new_password: next };
    const onSuccess = () => {
      showDone(t('own.password_changed'));
      onClose();
    };
    change.mutate(body, { onSuccess });
  }

  return (
    <DialogForm
      title={t('own.change_password')}
      error={change.error}
      busy={change.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <OwnPassword value={password} error={change.error} onChange={setPassword} />
      <OwnPassword fresh value={next} error={change.error} onChange={setNext} />
      <p className={styles.quiet}>{t('own.password_ends')}</p>
    </DialogForm>
  );
}
