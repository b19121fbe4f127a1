import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { renderSVG } from 'uqr';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { showDone } from '@/ui/undo-toast';
import {
  useBeginSecondFactor,
  useConfirmSecondFactor,
  useMakeRecoveryCodes,
  useTurnOffSecondFactor,
} from './api';
import { OwnPassword } from './own-password';
import styles from './settings.module.css';

type Props = { onClose: () => void };

/** From the password over the QR code and a first code to the recovery codes. */
export function SetUpSecondFactor({ onClose }: Props) {
  const { t } = useTranslation('settings');
  const begin = useBeginSecondFactor();
  const confirm = useConfirmSecondFactor();
  const fieldError = useFieldError(confirm.error);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onClose={onClose} />;
  if (!begin.data) {
    return (
      <DialogForm
        key="password"
        title={t('own.set_up')}
        submit={t('own.continue')}
        error={begin.error}
        busy={begin.isPending}
        onSubmit={() => begin.mutate(password)}
        onClose={onClose}
      >
        <p className={styles.quiet}>{t('own.set_up_hint')}</p>
        <OwnPassword value={password} error={begin.error} onChange={setPassword} />
      </DialogForm>
    );
  }
  const { secret, url } = begin.data;
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(url, { border: 2 }))}`;
  return (
    <DialogForm
      key="code"
      title={t('own.scan')}
      submit={t('own.turn_on')}
      error={confirm.error}
      busy={confirm.isPending}
      onSubmit={() => confirm.mutate(code)}
      onClose={onClose}
    >
      <p className={styles.quiet}>{t('own.scan_hint')}</p>
      <img className={styles.qr} src={picture} alt={t('own.qr')} />
      <a className={styles.link} href={url}>
        {t('own.open_app')}
      </a>
      <Textarea
        label={t('own.secret')}
        readOnly
        rows={2}
        classNames={{ input: styles.key }}
        value={secret.replace(/(.{4})(?=.)/g, '$1 ')}
        onFocus={(event) => event.currentTarget.select()}
      />
      <TextInput
        label={t('own.code')}
        autoComplete="one-time-code"
        inputMode="numeric"
        required
        withAsterisk={false}
        data-autofocus
        value={code}
        error={fieldError('code')}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

/** Makes recovery codes in place of the old ones. */
export function NewRecoveryCodes({ onClose }: Props) {
  const { t } = useTranslation('settings');
  const make = useMakeRecoveryCodes();
  const [password, setPassword] = useState('');
  if (make.data) return <RecoveryCodes codes={make.data.codes} onClose={onClose} />;
  return (
    <DialogForm
      title={t('own.new_codes')}
      submit={t('own.new_codes')}
      error={make.error}
      busy={make.isPending}
      onSubmit={() => make.mutate(password)}
      onClose={onClose}
    >
      <p className={styles.quiet}>{t('own.new_codes_hint')}</p>
      <OwnPassword value={password} error={make.error} onChange={setPassword} />
    </DialogForm>
  );
}

/** Turns one's own second factor off. */
export function TurnOffSecondFactor({ onClose }: Props) {
  const { t } = useTranslation('settings');
  const off = useTurnOffSecondFactor();
  const [password, setPassword] = useState('');

  function submit() {
    const onSuccess = () => {
      showDone(t('own.turned_off'));
      onClose();
    };
    off.mutate(password, { onSuccess });
  }

  return (
    <DialogForm
      title={t('own.turn_off_title')}
      submit={t('own.turn_off')}
      error={off.error}
      busy={off.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className={styles.quiet}>{t('own.turn_off_hint')}</p>
      <OwnPassword value={password} error={off.error} onChange={setPassword} />
    </DialogForm>
  );
}

function RecoveryCodes({ codes, onClose }: Props & { codes: string[] }) {
  const { t } = useTranslation('settings');
  const file = `data:text/plain,${encodeURIComponent(`${codes.join('\r\n')}\r\n`)}`;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={t('own.codes')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <div className={styles.form}>
        <Note tone="warn">{t('own.codes_hint')}</Note>
        <ul className={styles.codes} aria-label={t('own.codes')}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Button
          component="a"
          href={file}
          download="clientele-recovery-codes.txt"
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden />}
        >
          {t('common:action.download')}
        </Button>
        <Button onClick={onClose}>{t('common:action.done')}</Button>
      </div>
    </Modal>
  );
}
